// @ts-check
/**
 * j and k move the focus along the rows of a list, Enter is the browser's own, "." shows
 * what has come since.
 *
 * @example
 * <table data-rows> … <a href="…" data-row>Customer support</a> … </table>
 * <a href="…" data-show-new>2 new runs. Show them</a>
 */
import { onKeys } from "baton/keys";

/** @param {number} step */
function move(step) {
  const rows = [...document.querySelectorAll("[data-rows] [data-row]")];
  const focused = rows.indexOf(/** @type {Element} */ (document.activeElement));
  const current = document.querySelector("[data-rows] [aria-current] [data-row]");
  const from = focused >= 0 ? focused : rows.indexOf(/** @type {Element} */ (current));
  const next = rows[Math.min(Math.max(from + step, 0), rows.length - 1)];
  if (next instanceof HTMLElement) next.focus();
}

function showNew() {
  const link = document.querySelector("[data-show-new]");
  if (link instanceof HTMLElement) link.click();
}

onKeys({ j: () => move(1), k: () => move(-1), ".": showNew });
