// @ts-check
/**
 * Lets a person look at the password while typing it.
 *
 * @example
 * <div class="input-with-action">
 *   <input type="password">
 *   <button type="button" data-reveal-password aria-pressed="false" hidden>…</button>
 * </div>
 */

/** @param {HTMLButtonElement} button */
function attach(button) {
  const input = button.parentElement?.querySelector("input");
  if (!input) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    input.focus();
  });
  // A password manager and the browser's history must see a password field.
  input.form?.addEventListener("submit", () => {
    input.type = "password";
  });
}

for (const button of document.querySelectorAll("[data-reveal-password]")) {
  if (button instanceof HTMLButtonElement) attach(button);
}
