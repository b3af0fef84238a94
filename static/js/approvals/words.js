// @ts-check
/**
 * What changed between two texts, word by word. Knows nothing of the page.
 *
 * @example
 * compare("We have sent it.", "We will send it.");
 * // [{kind: "same", text: "We "}, {kind: "del", text: "have sent"},
 * //  {kind: "ins", text: "will send"}, {kind: "same", text: " it."}]
 */

/** @typedef {{ kind: "same" | "del" | "ins", text: string }} Part */

const TOKEN = /\s+|[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*|[^\s\p{L}\p{N}]/gu;
// Beyond this the table of the comparison costs more than the reader gains.
const MAX_CELLS = 4_000_000;

/**
 * @param {string} before
 * @param {string} after
 * @returns {Part[]}
 */
export function compare(before, after) {
  const [old, now] = [before.match(TOKEN) ?? [], after.match(TOKEN) ?? []];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  const most = Math.min(old.length, now.length) - head;
  while (tail < most && old[old.length - 1 - tail] === now[now.length - 1 - tail]) {
    tail += 1;
  }
  const middle = compareTokens(
    old.slice(head, old.length - tail),
    now.slice(head, now.length - tail),
  );
  const parts = [
    ...old.slice(0, head).map(same),
    ...middle,
    ...old.slice(old.length - tail).map(same),
  ];
  return join(parts);
}

/**
 * How many places changed.
 * @param {Part[]} parts
 */
export function countChanges(parts) {
  const starts = parts.filter(
    (part, index) =>
      part.kind !== "same" && (index === 0 || parts[index - 1].kind === "same"),
  );
  return starts.length;
}

/**
 * @param {string} text
 * @returns {Part}
 */
function same(text) {
  return { kind: "same", text };
}

/**
 * Longest common subsequence.
 * @param {string[]} old
 * @param {string[]} now
 * @returns {Part[]}
 */
function compareTokens(old, now) {
  const width = now.length + 1;
  if ((old.length + 1) * width > MAX_CELLS) {
    return [
      { kind: "del", text: old.join("") },
      { kind: "ins", text: now.join("") },
    ];
  }
  const lengths = tableOf(old, now, width);
  /** @type {Part[]} */
  const parts = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const isSame = i < old.length && j < now.length && old[i] === now[j];
    const below = i < old.length ? lengths[(i + 1) * width + j] : -1;
    const right = j < now.length ? lengths[i * width + j + 1] : -1;
    if (isSame) {
      parts.push(same(old[i]));
      i += 1;
      j += 1;
    } else if (below >= right) {
      parts.push({ kind: "del", text: old[i] });
      i += 1;
    } else {
      parts.push({ kind: "ins", text: now[j] });
      j += 1;
    }
  }
  return parts;
}

/**
 * @param {string[]} old
 * @param {string[]} now
 * @param {number} width
 */
function tableOf(old, now, width) {
  const lengths = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const [below, right] = [lengths[(i + 1) * width + j], lengths[i * width + j + 1]];
      lengths[i * width + j] =
        old[i] === now[j]
          ? lengths[(i + 1) * width + j + 1] + 1
          : Math.max(below, right);
    }
  }
  return lengths;
}

/**
 * Whole phrases: white space between two changes belongs to them, and what was taken
 * away stands before what came.
 * @param {Part[]} parts
 * @returns {Part[]}
 */
function join(parts) {
  /** @type {Part[]} */
  const joined = [];
  let [gone, come] = ["", ""];
  const flush = () => {
    if (gone) joined.push({ kind: "del", text: gone });
    if (come) joined.push({ kind: "ins", text: come });
    [gone, come] = ["", ""];
  };
  parts.forEach(({ kind, text }, index) => {
    if (kind === "del") gone += text;
    else if (kind === "ins") come += text;
    else if ((gone || come) && isGap(parts, index)) {
      gone += text;
      come += text;
    } else {
      flush();
      const last = joined.at(-1);
      if (last?.kind === "same") last.text += text;
      else joined.push({ kind: "same", text });
    }
  });
  flush();
  return joined;
}

/**
 * @param {Part[]} parts
 * @param {number} index
 */
function isGap(parts, index) {
  const next = parts[index + 1];
  return /^[^\S\n]+$/.test(parts[index].text) && next && next.kind !== "same";
}
