// @ts-check
/**
 * Escape closes the drawer and gives the focus back to the row or node that opened it.
 *
 * @example
 * <a id="open-7" href="?step=7" data-row>…</a>
 * <aside data-drawer> <a href="…" data-drawer-close>Close</a> </aside>
 */
import { onKeys } from "baton/keys";

/** @type {string} */
let openedFrom = "";

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const opener = event.target.closest("[data-row], a.drawn-node");
  if (opener) openedFrom = opener.id;
});

function close() {
  const link = document.querySelector("[data-drawer-close]");
  if (link instanceof HTMLElement) link.click();
}

document.addEventListener("htmx:after:swap", () => {
  if (document.querySelector("[data-drawer]") || !openedFrom) return;
  document.getElementById(openedFrom)?.focus();
  openedFrom = "";
});

onKeys({ Escape: close });
