// @ts-check
/**
 * The draft as a value: a flow document and the faces of its nodes. Every function
 * returns a new draft and leaves the old one as it is.
 *
 * @typedef {{x: number, y: number}} Position
 * @typedef {{id: string, type: string, label?: string, config?: Record<string, any>,
 *   position?: Position, parent?: string | null, timeout_s?: number | null,
 *   queue?: string | null,
 *   retry?: object | null, on_error?: {action: string, output?: any} | null}} FlowNode
 * @typedef {{id: string, source: string, source_port?: string, target: string,
 *   target_port?: string, kind?: "normal" | "feedback", max_rounds?: number | null}} FlowEdge
 * @typedef {{name: string, input_schema: object, nodes: FlowNode[], edges: FlowEdge[],
 *   settings?: object}} Flow
 * @typedef {{ports: string[], foot: string}} Face
 * @typedef {{flow: Flow, faces: Record<string, Face>}} Draft
 * @typedef {Face & {label: string, icon: string, tile: string, inPorts: string[],
 *   config: object}} NodeType
 * @typedef {{nodes: FlowNode[], edges: FlowEdge[], faces: Record<string, Face>}} Clip
 * @typedef {{source: string, source_port: string, target: string, target_port: string}} Wire
 */

export const ERROR = "error";
export const EXHAUSTED = "exhausted";
/** How many rounds a loop has at first. */
const FIRST_ROUNDS = 3;

/** @param {FlowEdge} edge */
export const sourcePort = (edge) => edge.source_port ?? "out";

/** @param {FlowEdge} edge */
export const targetPort = (edge) => edge.target_port ?? "in";

/** Whether an edge points back, for a further round.
 * @param {FlowEdge} edge */
export const isFeedback = (edge) => edge.kind === "feedback";

/** @param {Draft} draft @param {string} id */
export const nodeOf = (draft, id) => draft.flow.nodes.find((node) => node.id === id);

/** @param {Draft} draft @param {Record<string, NodeType>} types @param {string} id */
export function labelOf(draft, types, id) {
  const node = nodeOf(draft, id);
  return node ? node.label || types[node.type]?.label || node.id : id;
}

/** The map in whose body a node stands.
 * @param {Draft} draft @param {string} id @returns {string} nothing for the flow itself */
export const parentOf = (draft, id) => nodeOf(draft, id)?.parent ?? "";

/**
 * The ways out of a node: those of its type, the one that its errors take, and the one for
 * a loop that has used up its rounds.
 *
 * @param {Draft} draft @param {string} id @returns {string[]}
 */
export function portsOf(draft, id) {
  const ports = [...(draft.faces[id]?.ports ?? [])];
  if (nodeOf(draft, id)?.on_error?.action === "port") ports.push(ERROR);
  const feedsBack = draft.flow.edges.some(
    (edge) => edge.source === id && isFeedback(edge),
  );
  return feedsBack ? [...ports, EXHAUSTED] : ports;
}

/** Ports that a node has no more, with wires still on them.
 * @param {Draft} draft @param {string} id */
export function lostPorts(draft, id) {
  const ports = portsOf(draft, id);
  const used = draft.flow.edges.filter((edge) => edge.source === id).map(sourcePort);
  return [...new Set(used)].filter((port) => !ports.includes(port));
}

/** @param {Draft} draft @param {Partial<Flow>} part @returns {Draft} */
export const withFlow = (draft, part) => ({ ...draft, flow: { ...draft.flow, ...part } });

/** @param {Iterable<string>} taken @param {string} wanted */
export function freeId(taken, wanted) {
  const used = new Set(taken);
  const stem = wanted.replace(/_\d+$/, "").slice(0, 36);
  let id = wanted;
  for (let number = 2; used.has(id); number += 1) id = `${stem}_${number}`;
  return id;
}

/**
 * @param {Draft} draft @param {string} type @param {NodeType} info
 * @param {{position: Position, parent: string}} place
 * @returns {{draft: Draft, id: string}}
 */
export function addNode(draft, type, info, { position, parent }) {
  const id = freeId(
    draft.flow.nodes.map((node) => node.id),
    type,
  );
  const node = { id, type, label: "", config: info.config, position };
  if (parent) Object.assign(node, { parent });
  const face = { ports: info.ports, foot: info.foot };
  const faces = { ...draft.faces, [id]: face };
  return {
    draft: withFlow({ ...draft, faces }, { nodes: [...draft.flow.nodes, node] }),
    id,
  };
}

/**
 * Draw a wire. One that leads back makes a loop of a few rounds.
 *
 * @param {Draft} draft @param {Wire} wire @returns {{draft: Draft, edge: FlowEdge}}
 */
export function connect(draft, wire) {
  const wanted = `${wire.source}_${wire.target}`.slice(0, 70);
  const id = freeId(
    draft.flow.edges.map((edge) => edge.id),
    wanted,
  );
  /** @type {FlowEdge} */
  const edge = { id, ...wire };
  if (leadsTo(draft, wire.target, wire.source))
    Object.assign(edge, { kind: "feedback", max_rounds: FIRST_ROUNDS });
  return {
    draft: withFlow(draft, { edges: [...draft.flow.edges, edge] }),
    edge,
  };
}

/** @param {Draft} draft @param {string} id of an edge @param {number} rounds */
export const setRounds = (draft, id, rounds) =>
  withFlow(draft, {
    edges: draft.flow.edges.map((edge) =>
      edge.id === id ? { ...edge, max_rounds: rounds } : edge,
    ),
  });

/**
 * Why a wire may not be drawn: a key of the words, or null.
 *
 * @param {Draft} draft @param {Record<string, NodeType>} types @param {Wire} wire
 */
export function refusal(draft, types, wire) {
  if (wire.source === wire.target) return "refused_self";
  const target = nodeOf(draft, wire.target);
  if (!target || !types[target.type]?.inPorts.includes(wire.target_port))
    return "refused_port";
  const isThere = draft.flow.edges.some(
    (edge) =>
      edge.source === wire.source &&
      edge.target === wire.target &&
      sourcePort(edge) === wire.source_port,
  );
  if (isThere) return "refused_twice";
  if (parentOf(draft, wire.source) !== parentOf(draft, wire.target))
    return "refused_border";
  const leadsBack = leadsTo(draft, wire.target, wire.source);
  return leadsBack && target.type === "map" ? "refused_map_back" : null;
}

/** @param {Draft} draft @param {string} from @param {string} to */
export function leadsTo(draft, from, to) {
  const seen = new Set();
  const open = [from];
  while (open.length) {
    const id = /** @type {string} */ (open.pop());
    if (id === to) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    for (const edge of draft.flow.edges)
      if (edge.source === id && !isFeedback(edge)) open.push(edge.target);
  }
  return false;
}

/** A map with everything in it.
 * @param {Draft} draft @param {Iterable<string>} ids @returns {Set<string>} */
export function withBodies(draft, ids) {
  const found = new Set(ids);
  let before = -1;
  while (found.size > before) {
    before = found.size;
    for (const { id, parent } of draft.flow.nodes)
      if (parent && found.has(parent)) found.add(id);
  }
  return found;
}

/**
 * Remove nodes with what stands in them, and edges. What led into a removed node goes on
 * to what followed it, where it had one way in and one way out.
 *
 * @param {Draft} draft @param {Set<string>} nodes @param {Set<string>} edges @returns {Draft}
 */
export function remove(draft, nodes, edges) {
  const gone = withBodies(draft, nodes);
  const left = draft.flow.edges.filter((edge) => !edges.has(edge.id));
  const healed = [...gone].reduce(heal, left);
  const faces = Object.fromEntries(
    Object.entries(draft.faces).filter(([id]) => !gone.has(id)),
  );
  return withFlow(
    { ...draft, faces },
    { nodes: draft.flow.nodes.filter((node) => !gone.has(node.id)), edges: healed },
  );
}

/** Take a node out of its chain.
 * @param {FlowEdge[]} edges @param {string} id @returns {FlowEdge[]} */
export function heal(edges, id) {
  const into = edges.filter((edge) => edge.target === id && !isFeedback(edge));
  const out = edges.filter((edge) => edge.source === id && !isFeedback(edge));
  const rest = edges.filter((edge) => edge.target !== id && edge.source !== id);
  if (into.length !== 1 || out.length !== 1) return rest;
  const joined = { ...into[0], target: out[0].target, target_port: targetPort(out[0]) };
  const isThere = rest.some(
    (edge) =>
      edge.source === joined.source &&
      edge.target === joined.target &&
      sourcePort(edge) === sourcePort(joined),
  );
  return isThere ? rest : [...rest, joined];
}

/** @param {Draft} draft @param {Map<string, Position>} positions @returns {Draft} */
export function move(draft, positions) {
  const nodes = draft.flow.nodes.map((node) => {
    const position = positions.get(node.id);
    return position ? { ...node, position } : node;
  });
  return withFlow(draft, { nodes });
}

/**
 * Take in what the inspector made of a node. A port that was renamed keeps its edges.
 *
 * @param {Draft} draft @param {Face & Partial<FlowNode> & {id: string}} result
 * @returns {Draft}
 */
export function replaceNode(draft, result) {
  const { ports, foot, ...own } = result;
  const renamed = renamedPort(draft.faces[own.id]?.ports ?? [], ports);
  const edges = draft.flow.edges.map((edge) =>
    renamed && edge.source === own.id && sourcePort(edge) === renamed[0]
      ? { ...edge, source_port: renamed[1] }
      : edge,
  );
  const nodes = draft.flow.nodes.map((node) =>
    node.id === own.id ? { ...node, ...own } : node,
  );
  const faces = { ...draft.faces, [own.id]: { ports, foot } };
  return withFlow({ ...draft, faces }, { nodes, edges });
}

/** @param {string[]} before @param {string[]} after */
function renamedPort(before, after) {
  if (before.length !== after.length) return null;
  const differing = before
    .map((port, index) => [port, after[index]])
    .filter(([a, b]) => a !== b);
  return differing.length === 1 ? differing[0] : null;
}

/** @param {Draft} draft @param {Partial<Flow>} part */
export const setFlow = (draft, part) => withFlow(draft, part);
