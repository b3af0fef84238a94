// @ts-check
/**
 * Which theme is shown. A choice is tried on at once; the form stores it.
 *
 * @example
 * <select name="theme" data-theme-choice>…</select>
 * import { shownTheme } from "baton/theme";   "light" or "dark"
 * document.addEventListener("theme:change", () => draw(shownTheme()));
 */
const system = window.matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

/** @returns {"light" | "dark"} */
export function shownTheme() {
  const chosen = root.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return system.matches ? "dark" : "light";
}

function announce() {
  document.dispatchEvent(new CustomEvent("theme:change"));
}

document.addEventListener("change", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLSelectElement || field instanceof HTMLInputElement)) return;
  if (!field.closest("[data-theme-choice]")) return;
  root.dataset.theme = field.value;
  announce();
});
system.addEventListener("change", announce);
