// @ts-check
/**
 * Sentences in the reader's language; they come with the page's data.
 *
 * @typedef {(key: string, values?: Record<string, string | number>) => string} Say
 */

/** @param {Record<string, string>} words @returns {Say} */
export function speaker(words) {
  return (key, values = {}) =>
    (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}
