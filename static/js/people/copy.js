// @ts-check
/**
 * Copies what a field holds. Shown only where the browser can copy.
 *
 * @example
 * <input id="invite-link" value="https://…" readonly>
 * <button type="button" data-copy="invite-link" data-copied="Copied" hidden>Copy</button>
 */
import { toast } from "baton/toast";

/** @param {HTMLButtonElement} button */
function attach(button) {
  const field = document.getElementById(button.dataset.copy ?? "");
  if (!(field instanceof HTMLInputElement)) return;
  field.addEventListener("focus", () => field.select());
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    toast({ text: button.dataset.copied ?? "" });
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (button instanceof HTMLButtonElement) attach(button);
}
