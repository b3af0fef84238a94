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

/** @typedef {{ text: string, action?: { label: string, url: string } }} Words */

/** @param {Words} words */
export function toast({ text, action }) {
  const template = document.getElementById("toast-template");
  const toasts = document.getElementById("toasts");
  if (!toasts || !(template instanceof HTMLTemplateElement)) return;
  const made = document.importNode(template.content, true).firstElementChild;
  const line = made?.querySelector("p");
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
  /** @type {number | undefined} */
  let timer;
  const isHeld = () => made.matches(":hover, :focus-within");
  const leave = () => {
    if (isHeld()) return wait();
    made.remove();
  };
  const wait = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(leave, STAYS_MS);
  };
  made.querySelector("[data-toast-close]")?.addEventListener("click", () => {
    made.remove();
  });
  made.addEventListener("pointerleave", wait);
  made.addEventListener("focusout", wait);
  wait();
}

for (const made of document.querySelectorAll("[data-toast]")) {
  if (made instanceof HTMLElement) attach(made);
}
document.addEventListener("toast", (event) => {
  toast(/** @type {CustomEvent<Words>} */ (event).detail);
});
