// @ts-check
/**
 * Opens and closes native dialogs. The browser keeps the focus inside and gives it back.
 *
 * @example
 * <button type="button" data-dialog="cancel-run">Cancel run</button>
 * <dialog class="dialog" id="cancel-run">… <button type="button" data-dialog-close></dialog>
 * <dialog class="dialog" data-dialog-open>  swapped in: opens itself
 * HX-Trigger: {"dialog:close": {"target": "body"}}  closes what is open
 */

/** @param {string | undefined} id */
export function openDialog(id) {
  const dialog = id ? document.getElementById(id) : null;
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

function openNew() {
  for (const dialog of document.querySelectorAll("dialog[data-dialog-open]")) {
    dialog.removeAttribute("data-dialog-open");
    if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
  }
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const opener = event.target.closest("[data-dialog]");
  if (opener instanceof HTMLElement) openDialog(opener.dataset.dialog);
  const closer = event.target.closest("[data-dialog-close]");
  closer?.closest("dialog")?.close();
});
document.addEventListener("dialog:close", () => {
  for (const dialog of document.querySelectorAll("dialog[open]")) {
    if (dialog instanceof HTMLDialogElement) dialog.close();
  }
});
document.addEventListener("htmx:after:swap", openNew);
openNew();
