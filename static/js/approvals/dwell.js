// @ts-check
/** How long the page was in view, sent along with a decision. */
let seenMs = 0;
let since = document.hidden ? null : performance.now();

/** @returns {number} whole milliseconds */
export function dwellMs() {
  return Math.round(seenMs + (since === null ? 0 : performance.now() - since));
}

document.addEventListener("visibilitychange", () => {
  seenMs = dwellMs();
  since = document.hidden ? null : performance.now();
});
