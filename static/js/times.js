// @ts-check
/**
 * Keeps "6 min ago" true. The words come from the server, in <template id="time-words">.
 *
 * @example
 * <time datetime="2026-11-24T14:02:11+00:00" data-relative>6 min ago</time>
 */
const EVERY_MS = 20_000;
const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

/**
 * @param {number} ageS negative for what lies ahead
 * @param {Record<string, string | undefined>} words
 * @returns {string | undefined} nothing from a day on: the text stays as it is
 */
export function relative(ageS, words) {
  const size = Math.abs(ageS);
  if (size < MINUTE_S) return words.now;
  if (size >= DAY_S) return undefined;
  const [number, unit] =
    size < HOUR_S ? [size / MINUTE_S, "Minutes"] : [size / HOUR_S, "Hours"];
  const form = words[`${ageS < 0 ? "in" : "past"}${unit}`];
  return form?.replace("%s", String(Math.floor(number)));
}

function refresh() {
  const words = document.getElementById("time-words")?.dataset ?? {};
  for (const time of document.querySelectorAll("time[data-relative]")) {
    const at = Date.parse(time.getAttribute("datetime") ?? "");
    const text = relative((Date.now() - at) / 1000, words);
    if (text && text !== time.textContent) time.textContent = text;
  }
}

window.setInterval(refresh, EVERY_MS);
