// @ts-check
/**
 * Where nodes stand and how large they are, in pixels at zoom 1. A map is as large as the
 * nodes in it need; their places count from its top left corner, and they stand below its
 * head whatever they say. `flows/views/boxes.py` does the same.
 *
 * @typedef {import("builder/graph").Draft} Draft
 * @typedef {import("builder/graph").FlowNode} FlowNode
 * @typedef {import("builder/graph").Position} Position
 * @typedef {{x: number, y: number, width: number, height: number, dx: number, dy: number}}
 *   Box `dx` and `dy` are how far the nodes in it are moved below its head
 */

import { sizeOf } from "builder/geometry";
import { labelOf, lostPorts, portsOf, withBodies } from "builder/graph";

export const MAP = "map";
export const HEAD = 64;
export const BODY_PAD = 24;
export const BODY_TOP = 88;
const EMPTY = { width: 264, height: 168 };
const ORIGIN = { x: 0, y: 0 };

/** @param {FlowNode} node */
const placeOf = (node) => node.position ?? ORIGIN;

/**
 * The map around each node. A parent that is no map, or stands in its own body, is none:
 * such a draft is drawn too, with its problem.
 *
 * @param {Draft} draft @returns {Map<string, string>} by id; nothing for the flow itself
 */
export function homesOf(draft) {
  const nodes = new Map(draft.flow.nodes.map((node) => [node.id, node]));
  const isSound = (/** @type {string} */ id) => {
    const seen = new Set();
    for (let each = id; each; each = nodes.get(each)?.parent ?? "") {
      if (seen.has(each) || nodes.get(each)?.type !== MAP) return false;
      seen.add(each);
    }
    return true;
  };
  return new Map(
    draft.flow.nodes.map(({ id, parent }) => [
      id,
      parent && isSound(parent) ? parent : "",
    ]),
  );
}

/**
 * @param {Draft} draft @param {Record<string, import("builder/graph").NodeType>} types
 * @returns {Map<string, Box>} by id, maps before what stands in them
 */
export function boxesOf(draft, types) {
  const homes = homesOf(draft);
  /** @type {Map<string, FlowNode[]>} */
  const inside = new Map();
  for (const node of draft.flow.nodes) {
    const home = homes.get(node.id) ?? "";
    inside.set(home, [...(inside.get(home) ?? []), node]);
  }
  const sizes = sizesOf(draft, types, inside);
  /** @type {Map<string, Box>} */
  const boxes = new Map();
  /** @param {FlowNode} node @param {Position} at */
  const put = (node, at) => {
    const box = /** @type {Box} */ (sizes.get(node.id));
    boxes.set(node.id, { ...box, ...at });
    for (const child of inside.get(node.id) ?? []) {
      const { x, y } = placeOf(child);
      put(child, { x: at.x + x + box.dx, y: at.y + y + box.dy });
    }
  };
  for (const node of inside.get("") ?? []) put(node, placeOf(node));
  return boxes;
}

/**
 * @param {Draft} draft @param {Record<string, import("builder/graph").NodeType>} types
 * @param {Map<string, FlowNode[]>} inside
 */
function sizesOf(draft, types, inside) {
  /** @type {Map<string, Box>} */
  const sizes = new Map();
  /** @param {FlowNode} node @returns {Box} */
  const measure = (node) => {
    const ports = [...portsOf(draft, node.id), ...lostPorts(draft, node.id)];
    const size = sizeOf(labelOf(draft, types, node.id), ports.length);
    let { width, height } = node.type === MAP ? EMPTY : size;
    const children = inside.get(node.id) ?? [];
    const { dx, dy } = shiftOf(children);
    for (const child of children) {
      const inner = measure(child);
      const { x, y } = placeOf(child);
      width = Math.max(width, x + dx + inner.width + BODY_PAD);
      height = Math.max(height, y + dy + inner.height + BODY_PAD);
    }
    const box = { x: 0, y: 0, width, height, dx, dy };
    sizes.set(node.id, box);
    return box;
  };
  for (const node of inside.get("") ?? []) measure(node);
  return sizes;
}

/** @param {FlowNode[]} children */
function shiftOf(children) {
  const left = Math.min(BODY_PAD, ...children.map((child) => placeOf(child).x));
  const top = Math.min(BODY_TOP, ...children.map((child) => placeOf(child).y));
  return { dx: BODY_PAD - left, dy: BODY_TOP - top };
}

/**
 * The innermost map under a point of the canvas.
 *
 * @param {Draft} draft @param {Map<string, Box>} boxes @param {Position} point
 * @param {Iterable<string>} [without] maps that are moved themselves
 * @returns {string} nothing for the canvas itself
 */
export function mapAt(draft, boxes, point, without = []) {
  const moved = withBodies(draft, without);
  const maps = draft.flow.nodes.filter(({ id, type }) => type === MAP && !moved.has(id));
  const under = maps.filter(({ id }) => {
    const box = boxes.get(id);
    return box !== undefined && isIn(box, point);
  });
  // What is inside another one is the smaller one.
  const size = (/** @type {string} */ id) => {
    const box = /** @type {Box} */ (boxes.get(id));
    return box.width * box.height;
  };
  return under.map(({ id }) => id).sort((a, b) => size(a) - size(b))[0] ?? "";
}

/** @param {Box} box @param {Position} point */
const isIn = (box, { x, y }) =>
  x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;

/**
 * A place on the canvas as one in a map: below its head, and on the grid.
 *
 * @param {Map<string, Box>} boxes @param {string} parent @param {Position} place
 */
export function placeIn(boxes, parent, { x, y }) {
  const box = boxes.get(parent);
  if (!box) return { x, y };
  return {
    x: Math.max(BODY_PAD, x - box.x - box.dx),
    y: Math.max(BODY_TOP, y - box.y - box.dy),
  };
}
