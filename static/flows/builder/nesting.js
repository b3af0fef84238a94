// @ts-check
/** Putting nodes into maps and taking them out again. */

import { heal, parentOf, withBodies, withFlow } from "builder/graph";

/**
 * @typedef {import("builder/graph").Draft} Draft
 * @typedef {import("builder/graph").Position} Position
 */

/**
 * Move nodes, some of them into another map or out of one. Wires cannot cross its border:
 * those of a node that changes sides are cut, and what it stood between is joined.
 *
 * @param {Draft} draft
 * @param {Map<string, {parent: string, position: Position}>} places by node
 * @returns {Draft}
 */
export function settle(draft, places) {
  const nodes = draft.flow.nodes.map((node) => {
    const place = places.get(node.id);
    if (!place) return node;
    const { parent: _before, ...rest } = node;
    const { parent, position } = place;
    return parent ? { ...rest, parent, position } : { ...rest, position };
  });
  const moved = withFlow(draft, { nodes });
  const changed = [...places.keys()].filter(
    (id) => parentOf(draft, id) !== parentOf(moved, id),
  );
  return withFlow(moved, { edges: changed.reduce(cutOff(moved), draft.flow.edges) });
}

/**
 * Cut what crosses the border around a node, joining what it stood between.
 *
 * @param {Draft} moved
 * @returns {(edges: import("builder/graph").FlowEdge[], id: string) =>
 *   import("builder/graph").FlowEdge[]}
 */
const cutOff = (moved) => (edges, id) => {
  const crosses = (/** @type {{source: string, target: string}} */ { source, target }) =>
    (source === id || target === id) &&
    parentOf(moved, source) !== parentOf(moved, target);
  const stays = edges.filter((edge) => !crosses(edge));
  const mine = stays.filter(({ source, target }) => source === id || target === id);
  const healed = heal(
    edges.filter((edge) => !mine.includes(edge)),
    id,
  );
  return [...healed, ...mine];
};

/** A run begins and ends outside of maps.
 * @param {{type: string} | undefined} node */
export const canStandInMap = (node) =>
  node !== undefined && node.type !== "input" && node.type !== "output";

/** The maps that a node can stand in: not itself, nor one that stands in it.
 * @param {Draft} draft @param {string} id @returns {string[]} */
export function mapsFor(draft, id) {
  const mine = withBodies(draft, [id]);
  return draft.flow.nodes
    .filter((node) => node.type === "map" && !mine.has(node.id))
    .map((node) => node.id);
}
