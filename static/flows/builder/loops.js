// @ts-check
/** The ways of feedback edges: over the tops of the nodes of their loop. */

import { isFeedback, leadsTo, parentOf } from "builder/graph";

/**
 * @typedef {import("builder/graph").Draft} Draft
 * @typedef {import("builder/graph").FlowEdge} FlowEdge
 * @typedef {import("builder/graph").Position} Position
 * @typedef {{start: Position, end: Position, top: number}} Way
 */

const LIFT = 40;
const LIFT_STEP = 28;
const ASIDE = 32;

/**
 * The nodes of an edge's loop: those between its head and its source.
 *
 * @param {Draft} draft @param {FlowEdge} edge @returns {Set<string>}
 */
export function bodyOf(draft, edge) {
  const scope = parentOf(draft, edge.target);
  const inside = draft.flow.nodes.filter(
    ({ id }) =>
      parentOf(draft, id) === scope &&
      leadsTo(draft, edge.target, id) &&
      leadsTo(draft, id, edge.source),
  );
  return new Set([edge.source, edge.target, ...inside.map(({ id }) => id)]);
}

/**
 * Where each feedback edge runs; an outer loop above an inner one.
 *
 * @param {Draft} draft @param {Map<string, import("builder/boxes").Box>} boxes
 * @returns {Map<string, Way>} by edge
 */
export function waysOf(draft, boxes) {
  const edges = draft.flow.edges.filter(
    (edge) => isFeedback(edge) && boxes.has(edge.source) && boxes.has(edge.target),
  );
  const bodies = new Map(edges.map((edge) => [edge.id, bodyOf(draft, edge)]));
  return new Map(edges.map((edge) => [edge.id, wayOf(edge, bodies, boxes)]));
}

/**
 * @param {FlowEdge} edge @param {Map<string, Set<string>>} bodies
 * @param {Map<string, import("builder/boxes").Box>} boxes @returns {Way}
 */
function wayOf(edge, bodies, boxes) {
  const body = /** @type {Set<string>} */ (bodies.get(edge.id));
  const inner = [...bodies.values()].filter(
    (each) => each.size < body.size && [...each].every((id) => body.has(id)),
  );
  const tops = [...body].map((id) => boxes.get(id)?.y ?? Number.POSITIVE_INFINITY);
  const middle = (/** @type {string} */ id) => {
    const { x, y, width } = /** @type {import("builder/boxes").Box} */ (boxes.get(id));
    return { x: x + width / 2, y };
  };
  const [start, end] = [middle(edge.source), middle(edge.target)];
  if (edge.source === edge.target) {
    start.x += ASIDE;
    end.x -= ASIDE;
  }
  return { start, end, top: Math.min(...tops) - LIFT - LIFT_STEP * inner.length };
}
