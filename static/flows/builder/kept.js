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
