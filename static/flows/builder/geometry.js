// @ts-check
/** Sizes and places on the canvas, in pixels at zoom 1. */

/** @typedef {import("builder/graph").Position} Position */
/** @typedef {import("builder/graph").Draft} Draft */
/** @typedef {Map<string, import("builder/boxes").Box>} Boxes */
/** @typedef {{position: Position, parent: string}} Place in a map, or nothing */

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

/** Behind a node, in the map in which it stands.
 * @param {Draft} draft @param {Boxes} boxes @param {string | undefined} after
 * @returns {Place} */
export function placeAfter(draft, boxes, after) {
  const nodes = draft.flow.nodes;
  const last = nodes.filter((node) => !node.parent).at(-1);
  const before = nodes.find((node) => node.id === after) ?? last;
  const { x, y } = before?.position ?? { x: -NARROWEST - GAP, y: 0 };
  const width = boxes.get(before?.id ?? "")?.width ?? NARROWEST;
  const wanted = { x: x + width + GAP, y };
  return freePlace(draft, boxes, { position: wanted, parent: before?.parent ?? "" });
}

/** The place itself, or the next one below it that is free.
 * @param {Draft} draft @param {Boxes} boxes @param {Place} wanted @returns {Place} */
export function freePlace(draft, boxes, { position, parent }) {
  const { x, y } = snapped(position);
  const beside = draft.flow.nodes.filter((node) => (node.parent ?? "") === parent);
  const taken = (/** @type {number} */ top) =>
    beside.some(({ id, position: at = { x: 0, y: 0 } }) => {
      const { width, height } = boxes.get(id) ?? { width: NARROWEST, height: LOWEST };
      return (
        x < at.x + width + GRID &&
        at.x < x + NARROWEST + GRID &&
        top < at.y + height + GRID &&
        at.y < top + LOWEST + GRID
      );
    });
  let height = y;
  while (taken(height)) height += LOWEST + 2 * GRID;
  return { position: { x, y: height }, parent };
}

/**
 * What is seen first: the whole flow if it can be read then, else its beginning.
 *
 * @param {Boxes} boxes @param {{width: number, height: number}} box the canvas in the window
 */
export function firstView(boxes, box) {
  const all = [...boxes.values()];
  if (!all.length) return { x: box.width / 3, y: box.height / 3, zoom: 1 };
  const [left, top] = [Math.min(...all.map(({ x }) => x)), Math.min(...all.map(({ y }) => y))];
  const width = Math.max(...all.map((each) => each.x + each.width)) - left;
  const height = Math.max(...all.map((each) => each.y + each.height)) - top;
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
 * @param {Boxes} boxes @param {string | undefined} id @param {1 | -1} step */
export function neighbour(boxes, id, step) {
  const order = [...boxes].sort(([, a], [, b]) => a.x - b.x || a.y - b.y);
  const at = order.findIndex(([each]) => each === id);
  const next = at < 0 ? 0 : (at + step + order.length) % order.length;
  return order[next]?.[0];
}
