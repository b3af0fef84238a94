// @ts-check
/** From the store's state to what React Flow draws. */

import { MarkerType } from "flow-kit";

import { sizeOf } from "builder/geometry";
import { labelOf, sourcePort, targetPort } from "builder/graph";
import { edgeState } from "builder/states";

/** @typedef {import("builder/view/canvas").EditorParts} EditorParts */
/** @typedef {import("builder/store").State} State */
/** @typedef {import("builder/store").Problem} Problem */

/**
 * @param {State} state @param {EditorParts} editor
 * @param {Map<string, import("builder/graph").Position>} dragged places under the pointer
 */
export function drawnNodes(state, editor, dragged) {
  const { draft, selection, run } = state;
  const problems = worstProblems(state.problems);
  return draft.flow.nodes.map((node) => {
    const type = editor.types[node.type];
    const { ports, foot } = draft.faces[node.id] ?? { ports: [], foot: "" };
    const lost = lostPorts(draft, node.id, ports);
    const label = labelOf(draft, editor.types, node.id);
    const size = sizeOf(label, ports.length + lost.length);
    const problem = problems.get(node.id) ?? null;
    const nodeState = run?.nodes[node.id] ?? null;
    return {
      id: node.id,
      type: "flow",
      position: dragged.get(node.id) ?? node.position ?? { x: 0, y: 0 },
      selected: selection.nodes.has(node.id),
      ...size,
      measured: size,
      ariaLabel: ariaLabel(editor, label, type?.label ?? node.type, problem, nodeState),
      data: {
        label,
        type,
        foot,
        ports,
        lost,
        problem,
        state: nodeState,
        inRun: run !== null,
        editor,
      },
    };
  });
}

/** @param {EditorParts} editor @param {string} label @param {string} type
 * @param {Problem | null} problem @param {import("builder/states").NodeState | null} state */
function ariaLabel({ t }, label, type, problem, state) {
  const parts = [t("node", { label, type })];
  if (state) parts.push(t(`state_${state.status}`));
  if (problem)
    parts.push(t(`problem_${problem.severity}`, { message: problem.message }));
  return parts.join(". ");
}

/** The first error of each node, else its first warning.
 * @param {Problem[]} problems */
function worstProblems(problems) {
  /** @type {Map<string, Problem>} */
  const found = new Map();
  for (const problem of problems) {
    if (!problem.node_id) continue;
    const before = found.get(problem.node_id);
    if (!before || (before.severity === "warning" && problem.severity === "error"))
      found.set(problem.node_id, problem);
  }
  return found;
}

/** Ports that the node has no more, with wires still on them.
 * @param {import("builder/graph").Draft} draft @param {string} id @param {string[]} ports */
function lostPorts(draft, id, ports) {
  const used = draft.flow.edges.filter((edge) => edge.source === id).map(sourcePort);
  return [...new Set(used)].filter((port) => !ports.includes(port));
}

const ARROWS = Object.fromEntries(
  Object.entries({
    plain: "control",
    taken: "text-2",
    running: "running",
    dead: "control",
  }).map(([passage, color]) => [
    passage,
    { type: MarkerType.ArrowClosed, width: 14, height: 14, color: `var(--${color})` },
  ]),
);

/** @param {State} state @param {EditorParts} editor */
export function drawnEdges(state, editor) {
  const { draft, selection, run } = state;
  const { t, types } = editor;
  return draft.flow.edges.map((edge) => {
    const passage = edgeState(edge, run);
    const port = sourcePort(edge);
    const label = passage === "dead" ? t("not_taken") : port === "out" ? "" : port;
    const said = {
      source: labelOf(draft, types, edge.source),
      target: labelOf(draft, types, edge.target),
      port,
    };
    return {
      id: edge.id,
      type: "flow",
      source: edge.source,
      sourceHandle: port,
      target: edge.target,
      targetHandle: targetPort(edge),
      selected: selection.edges.has(edge.id),
      markerEnd: ARROWS[passage],
      className: `flow-edge flow-edge-${passage}`,
      ariaLabel: t(port === "out" ? "edge" : "edge_port", said),
      data: { label, state: passage, title: port === "out" ? "" : port },
    };
  });
}
