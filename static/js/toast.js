// @ts-check
/**
 * Says what was done: five seconds, longer while the pointer or the focus is on it.
 *
 * @example <caption>A view: orchestrator_site.shell.toasts.toast(response, "Saved")</caption>
 * HX-Trigger: {"toast": {"target": "body", "text": "Saved"}}
 * @example <caption>A module</caption>
 * toast({ text: "Approved", action: { label: "Open", url: "/runs/1/" } });
 */
const STAYS_MS = 5000;
/** @type {number | undefined} */
let timer;

/** @typedef {{ text: string, action?: { label: string, url: string } }} Words */

/** @param {Words} words */
export function toast({ text, action }) {
  const template = document.getElementById("toast-template");
  const toasts = document.getElementById("toasts");
  if (!toasts || !(template instanceof HTMLTemplateElement)) return;
  const made = document.importNode(template.content, true).firstElementChild;
  const line = made?.querySelector("[data-toast-text]");
  if (!(made instanceof HTMLElement) || !line) return;
  line.textContent = text;
  if (action) line.after(linkOf(action));
  toasts.append(made);
  attach(made);
}

/** @param {{ label: string, url: string }} action */
function linkOf({ label, url }) {
  const link = document.createElement("a");
  link.className = "button button-small";
  link.href = url;
  link.textContent = label;
  return link;
}

/** @param {HTMLElement} made */
function attach(made) {
  made.querySelector("[data-toast-close]")?.addEventListener("click", () => leave(made));
  made.addEventListener("pointerleave", () => stay(made));
  made.addEventListener("focusout", () => stay(made));
  if (made === shown()) stay(made);
}

/** One is shown at a time; its time begins when it can be read. */
function shown() {
  return document.querySelector("#toasts > [data-toast]");
}

/** @param {Element} made */
function stay(made) {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => {
    if (made.matches(":hover, :focus-within")) stay(made);
    else leave(made);
  }, STAYS_MS);
}

/** @param {Element} made */
function leave(made) {
  made.remove();
  const next = shown();
  if (next) stay(next);
}

for (const made of document.querySelectorAll("[data-toast]")) {
  if (made instanceof HTMLElement) attach(made);
}
document.addEventListener("toast", (event) => {
  toast(/** @type {CustomEvent<Words>} */ (event).detail);
});
