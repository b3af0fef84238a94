// @ts-check
/**
 * What somebody has typed and not sent, kept in this browser: it outlives a session that
 * ended and a decision that somebody else made first. The key names person, approval and
 * proposal, so a draft never meets a proposal that it was not written for.
 */
const PREFIX = "baton:approval:";
const KEPT_MS = 14 * 24 * 3600 * 1000;

/** @typedef {Record<string, string | boolean>} Values */

/**
 * @param {string} key
 * @returns {Values | null}
 */
export function readDraft(key) {
  const draft = parse(localStorage.getItem(PREFIX + key));
  return draft?.values ?? null;
}

/**
 * @param {string} key
 * @param {Values} values
 */
export function keepDraft(key, values) {
  try {
    const draft = JSON.stringify({ at: Date.now(), values });
    localStorage.setItem(PREFIX + key, draft);
  } catch (error) {
    // Storage is full or forbidden: the page still holds the text.
    console.warn("A draft could not be kept.", error);
  }
}

/** @param {string} key */
export function dropDraft(key) {
  localStorage.removeItem(PREFIX + key);
}

export function dropOldDrafts() {
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(PREFIX)) continue;
    const draft = parse(localStorage.getItem(name));
    if (!draft || Date.now() - draft.at > KEPT_MS) localStorage.removeItem(name);
  }
}

/**
 * @param {string | null} text
 * @returns {{ at: number, values: Values } | null}
 */
function parse(text) {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}
