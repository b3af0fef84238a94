// @ts-check
/**
 * In the dialog that asks why, 1 to 9 choose a reason; Enter then rejects.
 *
 * @example
 * <dialog id="reject-dialog"><input type="radio" name="reason_code" value="wrong_tone"> …
 */
document.addEventListener("keydown", (event) => {
  const target = event.target;
  if (!(target instanceof Element) || target.matches("textarea")) return;
  if (!/^[1-9]$/.test(event.key)) return;
  const dialog = target.closest("#reject-dialog");
  const reasons = dialog?.querySelectorAll("[name=reason_code]") ?? [];
  const reason = reasons[Number(event.key) - 1];
  if (!(reason instanceof HTMLInputElement)) return;
  reason.checked = true;
  reason.focus();
});
