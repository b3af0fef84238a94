// @ts-check
/** From the store's state to what React Flow draws. */

import { MarkerType } from "flow-kit";

import { boxesOf, homesOf, MAP } from "builder/boxes";
import {
  isFeedback,
  labelOf,
  lostPorts,
  portsOf,
  sourcePort,
  targetPort,
} from "builder/graph";
import { waysOf } from "builder/loops";
import { edgeState } from "builder/states";

/** @typedef {import("builder/view/canvas").EditorParts} EditorParts */
/** @typedef {import("builder/store").State} State */
/** @typedef {import("builder/store").Problem} Problem */
/** @typedef {import("builder/graph").Position} Position */
/**
 * What is under the pointer: places of nodes that are dragged, as React Flow has them, and
 * the map that would take them in.
 *
 * @typedef {{places: Map<string, Position>, target: string}} Dragged
 */

/** @type {Record<string, string>} */
const KINDS = { map: "map", note: "note" };

/** @param {State} state @param {EditorParts} editor @param {Dragged} dragged */
export function drawnNodes(state, editor, dragged) {
  const { draft, selection, run } = state;
  const problems = worstProblems(state.problems, "node_id");
  const boxes = boxesOf(draft, editor.types);
  const homes = homesOf(draft);
  const nodes = draft.flow.nodes.map((node) => {
    const type = editor.types[node.type];
    const label = labelOf(draft, editor.types, node.id);
    const problem = problems.get(node.id) ?? null;
    const nodeState = run?.nodes[node.id] ?? null;
    const box = /** @type {import("builder/boxes").Box} */ (boxes.get(node.id));
    const home = homes.get(node.id) ?? "";
    const around = boxes.get(home);
    const size = { width: box.width, height: box.height };
    const place = {
      x: box.x - (around?.x ?? 0),
      y: box.y - (around?.y ?? 0),
    };
    return {
      id: node.id,
      type: KINDS[node.type] ?? "flow",
      position: dragged.places.get(node.id) ?? place,
      ...(home && { parentId: home }),
      selected: selection.nodes.has(node.id),
      ...size,
      measured: size,
      ariaLabel: ariaLabel(editor, label, type?.label ?? node.type, problem, nodeState),
      data: {
        label,
        type,
        foot: draft.faces[node.id]?.foot ?? "",
        ports: portsOf(draft, node.id),
        lost: lostPorts(draft, node.id),
        problem,
        state: nodeState,
        inRun: run !== null,
        isEmpty: node.type === MAP && !draft.flow.nodes.some((n) => n.parent === node.id),
        isTarget: dragged.target === node.id,
        editor,
      },
    };
  });
  // React Flow wants a map before what stands in it.
  const order = [...boxes.keys()];
  return nodes.sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
}

/** @param {EditorParts} editor @param {string} label @param {string} type
 * @param {Problem | null} problem @param {import("builder/states").NodeState | null} state */
function ariaLabel({ t }, label, type, problem, state) {
  const parts = [t("node", { label, type })];
  if (state) parts.push(state.word);
  if (problem)
    parts.push(t(`problem_${problem.severity}`, { message: problem.message }));
  return parts.join(". ");
}

/** The first error of each node or edge, else its first warning.
 * @param {Problem[]} problems @param {"node_id" | "edge_id"} key */
function worstProblems(problems, key) {
  /** @type {Map<string, Problem>} */
  const found = new Map();
  for (const problem of problems) {
    const id = problem[key];
    if (!id) continue;
    const before = found.get(id);
    if (!before || (before.severity === "warning" && problem.severity === "error"))
      found.set(id, problem);
  }
  return found;
}

/** @type {Record<string, object>} */
const ARROWS = Object.fromEntries(
  Object.entries({
    plain: "control",
    taken: "text-2",
    running: "running",
    dead: "control",
    error: "failed",
    warning: "waiting",
  }).map(([look, color]) => [
    look,
    { type: MarkerType.ArrowClosed, width: 14, height: 14, color: `var(--${color})` },
  ]),
);

/** @param {State} state @param {EditorParts} editor @param {Dragged} dragged */
export function drawnEdges(state, editor, dragged) {
  const { draft, selection, run } = state;
  const { t, types } = editor;
  const problems = worstProblems(state.problems, "edge_id");
  const ways = waysOf(draft, movedBoxes(state, editor, dragged));
  return draft.flow.edges.map((edge) => {
    const passage = edgeState(edge, run);
    const port = sourcePort(edge);
    const problem = problems.get(edge.id) ?? null;
    const way = ways.get(edge.id);
    const said = {
      source: labelOf(draft, types, edge.source),
      target: labelOf(draft, types, edge.target),
      port,
    };
    const kind = isFeedback(edge) ? "loop" : "edge";
    const words = t(port === "out" ? kind : `${kind}_port`, said);
    const look = problem?.severity ?? passage;
    return {
      id: edge.id,
      type: way ? "loop" : "flow",
      source: edge.source,
      sourceHandle: port,
      target: edge.target,
      targetHandle: targetPort(edge),
      selected: selection.edges.has(edge.id),
      markerEnd: way ? undefined : ARROWS[look],
      className: `flow-edge flow-edge-${look} ${way ? "flow-edge-loop" : ""}`,
      ariaLabel: problem ? `${words}. ${problem.message}` : words,
      data: {
        ...labelOfEdge(edge, passage, run, t),
        state: problem?.severity ?? passage,
        problem,
        way,
        sprite: editor.sprite,
      },
    };
  });
}

/**
 * @param {import("builder/graph").FlowEdge} edge @param {string} passage
 * @param {import("builder/states").RunStates | null} run
 * @param {import("builder/words").Say} t
 */
function labelOfEdge(edge, passage, run, t) {
  const port = sourcePort(edge);
  const name = port === "out" ? "" : port;
  if (isFeedback(edge)) {
    const rounds =
      run?.rounds[edge.id] ?? t("rounds_at_most", { n: edge.max_rounds ?? 1 });
    return { label: name ? `${name}, ${rounds}` : rounds, title: rounds };
  }
  return { label: passage === "dead" ? t("not_taken") : name, title: name };
}

/** Where nodes stand while some of them are dragged.
 * @param {State} state @param {EditorParts} editor @param {Dragged} dragged */
function movedBoxes({ draft }, editor, { places }) {
  const boxes = boxesOf(draft, editor.types);
  if (!places.size) return boxes;
  const moved = new Map(boxes);
  const homes = homesOf(draft);
  for (const [id, box] of boxes) {
    const parent = homes.get(id) ?? "";
    const [before, after] = [boxes.get(parent), moved.get(parent)];
    const place = places.get(id) ?? {
      x: box.x - (before?.x ?? 0),
      y: box.y - (before?.y ?? 0),
    };
    moved.set(id, { ...box, x: place.x + (after?.x ?? 0), y: place.y + (after?.y ?? 0) });
  }
  return moved;
}
