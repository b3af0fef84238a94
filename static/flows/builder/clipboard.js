// @ts-check
/** Parts of a flow that are copied: what is pasted has ids of its own. */

import { freeId, withBodies } from "builder/graph";

/** @typedef {import("builder/graph").Draft} Draft */
/** @typedef {import("builder/graph").Clip} Clip */

export const MIME_MARK = "baton.clip/1";
const STEP = 32;

/** A map is copied with everything in it.
 * @param {Draft} draft @param {Set<string>} selected @returns {Clip} */
export function copy(draft, selected) {
  const ids = withBodies(draft, selected);
  return {
    nodes: draft.flow.nodes.filter((node) => ids.has(node.id)),
    edges: draft.flow.edges.filter(
      (edge) => ids.has(edge.source) && ids.has(edge.target),
    ),
    faces: Object.fromEntries([...ids].map((id) => [id, draft.faces[id]])),
  };
}

/** @param {Draft} draft @param {Clip} clip @returns {{draft: Draft, ids: Set<string>}} */
export function paste(draft, clip) {
  const taken = new Set(draft.flow.nodes.map((node) => node.id));
  /** @type {Map<string, string>} */
  const renamed = new Map();
  for (const node of clip.nodes) {
    const id = freeId(taken, node.id);
    taken.add(id);
    renamed.set(node.id, id);
  }
  const nodes = clip.nodes.map((node) => pasted(node, renamed, taken));
  const edgeIds = new Set(draft.flow.edges.map((edge) => edge.id));
  const edges = clip.edges.map((edge) => {
    const source = renamed.get(edge.source) ?? edge.source;
    const target = renamed.get(edge.target) ?? edge.target;
    const id = freeId(edgeIds, `${source}_${target}`.slice(0, 70));
    edgeIds.add(id);
    return { ...edge, id, source, target };
  });
  const faces = { ...draft.faces };
  for (const [before, after] of renamed) faces[after] = clip.faces[before];
  const flow = {
    ...draft.flow,
    nodes: [...draft.flow.nodes, ...nodes],
    edges: [...draft.flow.edges, ...edges],
  };
  return { draft: { flow, faces }, ids: new Set(renamed.values()) };
}

/**
 * A copy beside its original; in the copy of its map where that is copied too, and out of
 * a map that this flow does not have.
 *
 * @param {import("builder/graph").FlowNode} node @param {Map<string, string>} renamed
 * @param {Set<string>} known
 */
function pasted(node, renamed, known) {
  const { parent, ...rest } = node;
  const around = parent ? renamed.get(parent) : "";
  const step = around ? 0 : STEP;
  const { x, y } = node.position ?? { x: 0, y: 0 };
  const copied = {
    ...rest,
    id: /** @type {string} */ (renamed.get(node.id)),
    config: rewritten(node.config ?? {}, renamed),
    position: { x: x + step, y: y + step },
  };
  const home = around || (parent && known.has(parent) ? parent : "");
  return home ? { ...copied, parent: home } : copied;
}

/**
 * Expressions among the copied nodes read the copies.
 *
 * @param {any} value @param {Map<string, string>} renamed @returns {any}
 */
function rewritten(value, renamed) {
  if (typeof value === "string") {
    return value.replace(/\bsteps\.([a-z][a-z0-9_]*)/g, (whole, id) =>
      renamed.has(id) ? `steps.${renamed.get(id)}` : whole,
    );
  }
  if (Array.isArray(value)) return value.map((item) => rewritten(item, renamed));
  if (value && typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, rewritten(item, renamed)]),
    );
  }
  return value;
}

/** @param {Clip} clip */
export const toText = (clip) => JSON.stringify({ format: MIME_MARK, ...clip });

/** @param {string} text @returns {Clip | null} */
export function fromText(text) {
  try {
    const value = JSON.parse(text);
    const isClip = value?.format === MIME_MARK && Array.isArray(value.nodes);
    return isClip
      ? { nodes: value.nodes, edges: value.edges, faces: value.faces }
      : null;
  } catch {
    return null;
  }
}
