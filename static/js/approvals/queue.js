// @ts-check
/**
 * The list of approvals: rows change in place, new ones wait behind a bar, and one that
 * was decided elsewhere stays, struck through, until the list is left.
 *
 * @example
 * <div id="queue" data-queue data-live-topic="approvals" data-here="/approvals/?risk=high">
 *   <p id="queue-lead"> <div id="queue-new"> <ol id="queue-rows"><li id="approval-…">
 * </div>
 */
import { csrfToken } from "baton/csrf";
import { reportFailure, reportNoAnswer } from "baton/failures";
import { onKeys } from "baton/keys";

// A claim ends without anybody saying so.
const LOOK_AGAIN_MS = 60_000;
const STRUCK_MS = 4000;
const HEAD = ["queue-tabs", "queue-lead", "queue-new"];
let asked = 0;
let wantsWhole = false;
/** @type {Promise<void>} */
let latest = Promise.resolve();

const byId = (/** @type {string} */ id) => document.getElementById(id);
const rows = () =>
  /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-approval]")]);

/** @param {Element | null} element */
const rowOf = (element) =>
  /** @type {HTMLElement | null} */ (element?.closest("[data-approval]") ?? null);

/**
 * Of several at once the last one counts; it is whole if any of them was to be.
 * @param {boolean} isWhole false: only what the page shows already may change
 */
function refresh(isWhole) {
  asked += 1;
  wantsWhole ||= isWhole;
  latest = bringUpToDate(asked, wantsWhole);
  return latest;
}

/**
 * @param {number} mine
 * @param {boolean} isWhole
 * @returns {Promise<void>}
 */
async function bringUpToDate(mine, isWhole) {
  const fresh = await fetchQueue(isWhole);
  if (mine !== asked) return latest;
  wantsWhole = false;
  if (!fresh) return;
  for (const id of HEAD) replaceIfChanged(byId(id), fresh.querySelector(`#${id}`));
  if (isWhole || rows().length === 0) {
    byId("queue-rows")?.replaceWith(fresh.querySelector("#queue-rows") ?? "");
    byId("queue-new")?.replaceChildren();
  } else {
    for (const row of rows()) updateRow(row, fresh.querySelector(`#${row.id}`));
  }
  window.setTimeout(dropStruck, STRUCK_MS);
}

/** @param {boolean} isWhole */
async function fetchQueue(isWhole) {
  const url = new URL(byId("queue")?.dataset.here ?? "", window.location.href);
  const known = rows().map((row) => row.dataset.approval);
  if (!isWhole && known.length) url.searchParams.set("known", known.join(","));
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if ((await reportFailure(answer)) || !answer.ok) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null; // The live mark says that there is no connection.
  }
}

/**
 * @param {Element | null} old
 * @param {Element | null} now
 */
function replaceIfChanged(old, now) {
  if (old && now && old.innerHTML !== now.innerHTML) {
    old.replaceChildren(...now.childNodes);
  }
}

/**
 * @param {HTMLElement} row
 * @param {Element | null} now
 */
function updateRow(row, now) {
  if (!now) return;
  const hadFocus = row.contains(document.activeElement);
  const current = row.getAttribute("aria-current");
  if (current) now.setAttribute("aria-current", current);
  if (row.outerHTML === now.outerHTML) return;
  row.replaceWith(now);
  if (hadFocus) linkOf(now)?.focus({ preventScroll: true });
}

/** What is gone leaves once nobody reads or points at the list. */
function dropStruck() {
  const list = byId("queue-rows");
  if (!list || list.matches(":hover, :focus-within")) return;
  for (const row of list.querySelectorAll("[data-gone]")) row.remove();
  if (rows().length === 0 && list.matches("ol")) refresh(true);
}

/**
 * @param {Element} row
 * @returns {HTMLAnchorElement | null}
 */
function linkOf(row) {
  return row.querySelector("a.list-link");
}

/** @param {number} by */
function move(by) {
  const all = rows();
  const at = all.findIndex((row) => row.hasAttribute("aria-current"));
  const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1);
  if (all[next]) linkOf(all[next])?.focus();
}

const current = () =>
  /** @type {HTMLElement | null} */ (
    document.querySelector("[data-approval][aria-current]")
  );

function open() {
  const row = current();
  if (row) linkOf(row)?.click();
}

async function toggleClaim() {
  const row = current();
  const link = row && linkOf(row);
  if (!row || !link || row.hasAttribute("data-gone")) return;
  const verb = row.hasAttribute("data-claimed-by-me") ? "release" : "claim";
  const url = new URL(`${verb}/`, link.href);
  const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
  try {
    await reportFailure(await fetch(url, { method: "POST", headers }));
  } catch {
    reportNoAnswer();
  }
  refresh(false);
}

async function showNew() {
  if (!document.querySelector("[data-show-new]")) return;
  const known = new Set(rows().map((row) => row.id));
  await refresh(true);
  const first = rows().find((row) => !known.has(row.id));
  if (first) linkOf(first)?.focus();
}

document.addEventListener("focusin", (event) => {
  const row = rowOf(/** @type {Element} */ (event.target));
  if (!row) return;
  for (const other of rows()) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
});
document.addEventListener("focusout", () => window.setTimeout(dropStruck));
document.addEventListener("pointerout", (event) => {
  const target = /** @type {Element} */ (event.target);
  if (target.closest("#queue-rows")) window.setTimeout(dropStruck);
});
document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  if (!event.target.closest("[data-show-new]")) return;
  event.preventDefault();
  showNew();
});
// It does not bubble.
document.addEventListener("live", () => refresh(false), true);
window.setInterval(() => document.hidden || refresh(false), LOOK_AGAIN_MS);
onKeys({
  j: () => move(1),
  k: () => move(-1),
  a: open,
  e: open,
  r: open,
  c: toggleClaim,
  ".": showNew,
});
