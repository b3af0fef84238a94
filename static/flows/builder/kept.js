// @ts-check
/**
 * The draft in this browser until the server has it: a closed tab loses nothing.
 *
 * @typedef {{revision: number, draft: import("builder/graph").Draft}} Kept
 */

const PREFIX = "baton:draft:";

/** @param {string} key @param {Kept} kept */
export function keep(key, kept) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(kept));
  } catch {
    // Full or forbidden: the draft is still on the page, and saving goes on.
  }
}

/** @param {string} key @returns {Kept | null} */
export function find(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(PREFIX + key) ?? "null");
    return kept?.draft?.flow?.nodes && kept.draft.faces ? kept : null;
  } catch {
    return null;
  }
}

/** @param {string} key */
export function forget(key) {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // Nothing was kept then.
  }
}

const HISTORY = "baton:undo:";
const MOST_STEPS = 40;

/** @typedef {import("builder/history").History<import("builder/graph").Draft>} History */

/** Keep the steps in this tab.
 * @param {string} key @param {History} history */
export function keepHistory(key, { past, present, future }) {
  const kept = {
    past: past.slice(-MOST_STEPS),
    present,
    future: future.slice(0, MOST_STEPS),
    key: null,
  };
  try {
    sessionStorage.setItem(HISTORY + key, JSON.stringify(kept));
  } catch {
    // Too large: then a reload begins anew.
    sessionStorage.removeItem(HISTORY + key);
  }
}

/** The steps of this tab, if they lead to the draft that is open now.
 * @param {string} key @param {import("builder/graph").Draft} draft
 * @returns {History | null} */
export function findHistory(key, draft) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(HISTORY + key) ?? "null");
    return kept && ordered(kept.present.flow) === ordered(draft.flow) ? kept : null;
  } catch {
    return null;
  }
}

/** The same text for equal values, whatever the order of their keys.
 * @param {unknown} value */
const ordered = (value) =>
  JSON.stringify(value, (_, part) =>
    part && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
