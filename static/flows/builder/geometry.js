// @ts-check
/** Sizes and places on the canvas, in pixels at zoom 1. */

/** @typedef {import("builder/graph").Position} Position */
/** @typedef {import("builder/graph").Draft} Draft */

export const SNAP = 8;
export const GRID = 16;
const NARROWEST = 152;
const WIDEST = 240;
const LOWEST = 64;
const BESIDE_LABEL = 56;
const LETTER = 6.7;
const PORT_STEP = 24;
const GAP = 72;
const EDGE = 32;
// Below this zoom a node's foot is not drawn.
const READABLE = 0.7;

/** @param {number} value */
export const snap = (value) => Math.round(value / SNAP) * SNAP;

/** @param {Position} position */
export const snapped = (position) => ({ x: snap(position.x), y: snap(position.y) });

/** How wide and high a node is; it grows with its label in steps of the grid.
 * @param {string} label @param {number} ports */
export function sizeOf(label, ports) {
  const wanted = Math.ceil((label.length * LETTER + BESIDE_LABEL) / SNAP) * SNAP;
  return {
    width: Math.min(WIDEST, Math.max(NARROWEST, wanted)),
    height: Math.max(LOWEST, ports * PORT_STEP + SNAP),
  };
}

/** Where a port stands, as a share of the node's height.
 * @param {number} index @param {number} count */
export const portShare = (index, count) => (index + 1) / (count + 1);

/**
 * A free place for a node after another one, or after the last.
 *
 * @param {Draft} draft @param {string | undefined} after @returns {Position}
 */
export function placeAfter(draft, after) {
  const nodes = draft.flow.nodes;
  const before = nodes.find((node) => node.id === after) ?? nodes.at(-1);
  const position = before?.position ?? { x: -NARROWEST - GAP, y: 0 };
  return freePlace(draft, { x: position.x + NARROWEST + GAP, y: position.y });
}

/** The place itself, or the next one below it that is free.
 * @param {Draft} draft @param {Position} wanted @returns {Position} */
export function freePlace(draft, wanted) {
  const { x, y } = snapped(wanted);
  const taken = (/** @type {number} */ height) =>
    draft.flow.nodes.some(
      ({ position = { x: 0, y: 0 } }) =>
        Math.abs(position.x - x) < NARROWEST + GRID &&
        Math.abs(position.y - height) < LOWEST + GRID,
    );
  let height = y;
  while (taken(height)) height += LOWEST + 2 * GRID;
  return { x, y: height };
}

/**
 * What is seen first: the whole flow if it can be read then, else its beginning.
 *
 * @param {Draft} draft @param {{width: number, height: number}} box the canvas in the window
 */
export function firstView(draft, box) {
  const places = draft.flow.nodes.map((node) => node.position ?? { x: 0, y: 0 });
  if (!places.length) return { x: box.width / 3, y: box.height / 3, zoom: 1 };
  const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const width = Math.max(...xs) + NARROWEST + 2 * SNAP - left;
  const height = Math.max(...ys) + LOWEST - top;
  const fitting = Math.min(
    (box.width - 2 * EDGE) / width,
    (box.height - 2 * EDGE) / height,
  );
  const zoom = Math.min(1, Math.max(READABLE, fitting));
  const isWhole = width * zoom <= box.width - EDGE;
  return {
    x: isWhole ? (box.width - width * zoom) / 2 - left * zoom : EDGE - left * zoom,
    y: (box.height - height * zoom) / 2 - top * zoom,
    zoom,
  };
}

/** The next node in a direction of reading: left to right, then top to bottom.
 * @param {Draft} draft @param {string | undefined} id @param {1 | -1} step */
export function neighbour(draft, id, step) {
  const order = [...draft.flow.nodes].sort(
    (a, b) =>
      (a.position?.x ?? 0) - (b.position?.x ?? 0) ||
      (a.position?.y ?? 0) - (b.position?.y ?? 0),
  );
  const at = order.findIndex((node) => node.id === id);
  const next = at < 0 ? 0 : (at + step + order.length) % order.length;
  return order[next]?.id;
}
