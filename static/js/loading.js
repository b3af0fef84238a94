// @ts-check
/**
 * A thin bar under the page bar while a request takes longer than 300 ms. What a page
 * fetches because of news is not shown: nobody waits for it.
 */
const DELAY_MS = 300;
let underway = 0;
/** @type {number | undefined} */
let timer;

/** @param {Event} event */
function isAwaited(event) {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  return ctx.sourceEvent?.type !== "live";
}

/** @param {boolean} shown */
function show(shown) {
  const bar = document.getElementById("loading-bar");
  if (bar) bar.hidden = !shown;
}

document.addEventListener("htmx:before:request", (event) => {
  if (!isAwaited(event)) return;
  underway += 1;
  timer ??= window.setTimeout(() => show(true), DELAY_MS);
});

document.addEventListener("htmx:finally:request", (event) => {
  if (!isAwaited(event)) return;
  underway = Math.max(0, underway - 1);
  if (underway > 0) return;
  window.clearTimeout(timer);
  timer = undefined;
  show(false);
});
