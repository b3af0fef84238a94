// @ts-check
/**
 * Bring the cursor to the character at which an expression is wrong, in an open section.
 *
 * @example
 * <button type="button" data-spot="12" data-of="id of the field">…<mark>x</mark>…</button>
 */

/** @param {HTMLElement} root */
export function bindSpots(root) {
  root.addEventListener("click", ({ target }) => {
    const spot = target instanceof Element ? target.closest("[data-spot]") : null;
    if (!(spot instanceof HTMLElement)) return;
    const field = document.getElementById(spot.dataset.of ?? "");
    if (!(field instanceof HTMLTextAreaElement)) return;
    // The server counts characters, the field their UTF-16 units.
    const before = [...field.value].slice(0, Number(spot.dataset.spot)).join("");
    field.closest("details")?.setAttribute("open", "");
    field.focus();
    field.setSelectionRange(before.length, before.length);
  });
}
