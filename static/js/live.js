// @ts-check
/**
 * Keeps what a page shows fresh. The server says which topics have changed; the elements
 * that show them hear the DOM event `live` and fetch themselves anew.
 *
 * `data-live-id` is the id that the server knew when it drew the element (of each topic,
 * in their order); without it the element is refreshed once when the socket opens.
 *
 * `<html data-live-state>` is "live", "polling" or "offline". `baton:signed-out` and
 * `baton:removed` on the document: the server does not talk to this person any more.
 *
 * @example
 * <body data-live>
 * <tbody data-live-topic="run:0192…" data-live-id="17" hx-get="…" hx-trigger="live">
 */

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const POLL_MS = 15_000;
const COALESCE_MS = 150;
const COLLECT_MS = 30;
/** The server speaks every 30 seconds; a line that is silent for longer is dead. */
const SILENCE_MS = 75_000;
const MOST_TOPICS = 200;
const JUNK = 4400;
/** @type {Record<number, string>} what the page is told for a close code */
const ENDINGS = { 4401: "baton:signed-out", 4403: "baton:removed" };

/** @type {WebSocket | null} */
let socket = null;
/** @type {Map<string, number | null>} the last id of each topic on the page */
const lastIds = new Map();
/** @type {WeakMap<Element, {at: number, timer: number}>} */
const rung = new WeakMap();
let heardAt = 0;
let failures = 0;
let retry = 0;
let collecting = 0;
let ending = 0;
let isStarted = false;

/** Open the page's socket and keep it; to be called any number of times. */
export function start() {
  if (isStarted) return;
  isStarted = true;
  collect();
  connect();
  new MutationObserver(collectSoon).observe(document.body, {
    subtree: true,
    childList: true,
    attributeFilter: ["data-live-topic"],
  });
  setInterval(beat, POLL_MS);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) connect();
  });
  window.addEventListener("online", connect);
  window.addEventListener("offline", hangUp);
  window.addEventListener("pagehide", hangUp);
  window.addEventListener("pageshow", connect);
}

function connect() {
  if (socket) return;
  clearTimeout(retry);
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const opened = new WebSocket(`${scheme}//${location.host}/ws/live/`);
  socket = opened;
  heardAt = Date.now();
  opened.onopen = () => say({ watch: Object.fromEntries(lastIds) });
  opened.onmessage = ({ data }) => hear(JSON.parse(data));
  opened.onclose = ({ code }) => {
    if (socket === opened) lose(code);
  };
}

/** Close the line; what is on its way no longer matters. */
function hangUp() {
  const left = socket;
  lose(1000);
  clearTimeout(retry);
  if (left?.readyState === WebSocket.OPEN) left.close(1000);
  // Closed while it opens, a socket puts an error into the console.
  else if (left) left.onopen = () => left.close(1000);
}

/** @param {number} code */
function lose(code) {
  socket = null;
  clearTimeout(retry);
  showState(navigator.onLine && !(code in ENDINGS) ? "polling" : "offline");
  if (code in ENDINGS) {
    if (code !== ending) document.dispatchEvent(new CustomEvent(ENDINGS[code]));
    ending = code;
    return;
  }
  if (code === JUNK) console.warn("The server did not understand this page.");
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
  failures += 1;
  retry = setTimeout(connect, longest * (0.5 + Math.random() / 2));
}

/** @param {{topic?: string, id?: number}} message `{}` says only that the line lives */
function hear({ topic, id }) {
  showState("live");
  heardAt = Date.now();
  failures = 0;
  ending = 0;
  if (topic === undefined || id === undefined || !lastIds.has(topic)) return;
  lastIds.set(topic, id);
  for (const element of watching()) {
    if (topicsOf(element).includes(topic)) ring(element, { topic, id });
  }
}

/** @param {object} message */
function say(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

/** Every 15 seconds: find a dead line; without one, let everything look for itself. */
function beat() {
  if (socket && Date.now() - heardAt > SILENCE_MS) {
    hangUp();
    connect();
  }
  if (socket?.readyState === WebSocket.OPEN || ending || !navigator.onLine) return;
  for (const element of watching()) ring(element, { topic: null, id: null });
}

/**
 * Dispatch `live` now, or as soon as 150 ms have passed since the last time.
 * @param {Element} element
 * @param {{topic: string | null, id: number | null}} detail
 */
function ring(element, detail) {
  const { at, timer } = rung.get(element) ?? { at: 0, timer: 0 };
  clearTimeout(timer);
  const now = () => {
    rung.set(element, { at: Date.now(), timer: 0 });
    element.dispatchEvent(new CustomEvent("live", { detail, bubbles: false }));
  };
  const wait = at + COALESCE_MS - Date.now();
  if (wait <= 0) now();
  else rung.set(element, { at, timer: setTimeout(now, wait) });
}

function collectSoon() {
  if (!collecting) collecting = setTimeout(collect, COLLECT_MS);
}

/** Tell the server which topics have come to the page and which have left it. */
function collect() {
  collecting = 0;
  const found = new Map(watching().flatMap(idsOf));
  const unwatch = [...lastIds.keys()].filter((topic) => !found.has(topic));
  for (const topic of unwatch) lastIds.delete(topic);
  const watch = [...found]
    .filter(([topic]) => !lastIds.has(topic))
    .slice(0, MOST_TOPICS - lastIds.size);
  for (const [topic, id] of watch) lastIds.set(topic, id);
  if (unwatch.length) say({ unwatch });
  if (watch.length) say({ watch: Object.fromEntries(watch) });
}

/** @returns {HTMLElement[]} */
function watching() {
  return [...document.querySelectorAll("[data-live-topic]")].filter(
    (element) => element instanceof HTMLElement,
  );
}

/** @param {HTMLElement} element */
function topicsOf(element) {
  return (element.dataset.liveTopic ?? "").split(/\s+/).filter(Boolean);
}

/**
 * @param {HTMLElement} element
 * @returns {[string, number | null][]} each topic with the id that the element shows
 */
function idsOf(element) {
  const ids = (element.dataset.liveId ?? "").split(/\s+/).filter(Boolean).map(Number);
  return topicsOf(element).map((topic, index) => [topic, ids[index] ?? null]);
}

/** @param {"live" | "polling" | "offline"} state */
function showState(state) {
  document.documentElement.dataset.liveState = state;
}

if (document.body.hasAttribute("data-live")) start();
