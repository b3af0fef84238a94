// @ts-check
/**
 * What can be undone. Edits with the same key are one gesture, so one step.
 *
 * @template T
 * @typedef {{past: T[], present: T, future: T[], key: string | null}} History
 */

const MOST = 200;

/** @template T @param {T} present @returns {History<T>} */
export const begin = (present) => ({ past: [], present, future: [], key: null });

/**
 * @template T
 * @param {History<T>} history @param {T} present @param {string | null} [key]
 * @returns {History<T>}
 */
export function commit(history, present, key = null) {
  const goesOn = key !== null && key === history.key;
  const past = goesOn ? history.past : [...history.past, history.present].slice(-MOST);
  return { past, present, future: [], key };
}

/** The gesture is over: what follows is a step of its own.
 * @template T @param {History<T>} history @returns {History<T>} */
export const close = (history) => ({ ...history, key: null });

/** @template T @param {History<T>} history @returns {History<T>} */
export function undo({ past, present, future, key }) {
  const previous = past.at(-1);
  if (previous === undefined) return { past, present, future, key };
  return {
    past: past.slice(0, -1),
    present: previous,
    future: [present, ...future],
    key: null,
  };
}

/** @template T @param {History<T>} history @returns {History<T>} */
export function redo({ past, present, future, key }) {
  const [next, ...rest] = future;
  if (next === undefined) return { past, present, future, key };
  return { past: [...past, present], present: next, future: rest, key: null };
}
