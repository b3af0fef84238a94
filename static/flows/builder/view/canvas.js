// @ts-check
/** The flow on React Flow. The store is the truth; only a drag under way is local. */

import {
  Background,
  BackgroundVariant,
  html,
  MiniMap,
  Panel,
  ReactFlow,
  SelectionMode,
  useCallback,
  useMemo,
  useState,
  useStore,
  useSyncExternalStore,
} from "flow-kit";

import { GRID, SNAP } from "builder/geometry";
import { connect, isFeedback, refusal } from "builder/graph";
import { selectionOf } from "builder/store";
import { Controls } from "builder/view/controls";
import { drop, mapUnder } from "builder/view/dragging";
import { FlowEdge, LoopEdge } from "builder/view/edge";
import { drawnEdges, drawnNodes } from "builder/view/drawn";
import { Icon } from "builder/view/icon";
import { FlowNode, MapNode, NoteNode } from "builder/view/node";

/**
 * What every part of an editor shares.
 *
 * @typedef {{store: import("builder/store").Store, sprite: string, isReadOnly: boolean,
 *   types: Record<string, import("builder/graph").NodeType>,
 *   t: import("builder/words").Say}} EditorParts
 */

const NODE_TYPES = { flow: FlowNode, map: MapNode, note: NoteNode };
const EDGE_TYPES = { flow: FlowEdge, loop: LoopEdge };
const AT_REST = { places: new Map(), target: "" };
const SNAP_GRID = /** @type {[number, number]} */ ([SNAP, SNAP]);
const MANY = 200;
const MAP_SIZE = { width: 150, height: 96 };

/**
 * @param {{editor: EditorParts, onReady: (flow: any) => void,
 *   onRefused: (key: string, wire: any) => void, onDropped: (wire: any, event: any) => void,
 *   note: string}} props
 */
export function Canvas({ editor, onReady, onRefused, onDropped, note }) {
  const { store, types, t } = editor;
  const state = useSyncExternalStore(store.subscribe, store.get);
  const [dragged, setDragged] = useState(AT_REST);
  const nodes = useMemo(
    () => drawnNodes(state, editor, dragged),
    [state, editor, dragged],
  );
  const edges = useMemo(
    () => drawnEdges(state, editor, dragged),
    [state, editor, dragged],
  );
  const handlers = useMemo(() => handlersOf({ editor, setDragged }), [editor]);
  const isValid = useCallback(
    (/** @type {any} */ link) => !refusal(store.get().draft, types, wireOf(link)),
    [store, types],
  );
  const onConnectEnd = useCallback(
    (/** @type {any} */ event, /** @type {any} */ end) => {
      if (end.isValid || end.fromHandle?.type !== "source") return;
      const wire = { source: end.fromHandle.nodeId, source_port: end.fromHandle.id };
      if (!end.toNode) return onDropped(wire, event);
      const whole = {
        ...wire,
        target: end.toNode.id,
        target_port: end.toHandle?.id ?? "in",
      };
      const key = refusal(store.get().draft, types, whole);
      if (key) onRefused(key, whole);
    },
    [store, types, onDropped, onRefused],
  );
  const { isReadOnly } = editor;
  return html`<${ReactFlow}
    nodes=${nodes}
    edges=${edges}
    nodeTypes=${NODE_TYPES}
    edgeTypes=${EDGE_TYPES}
    ...${handlers}
    onInit=${onReady}
    isValidConnection=${isValid}
    onConnectEnd=${onConnectEnd}
    connectionRadius=${24}
    nodesDraggable=${!isReadOnly}
    nodesConnectable=${!isReadOnly}
    edgesReconnectable=${false}
    deleteKeyCode=${null}
    disableKeyboardA11y=${true}
    selectionMode=${SelectionMode.Partial}
    multiSelectionKeyCode=${["Meta", "Control"]}
    snapToGrid=${true}
    snapGrid=${SNAP_GRID}
    onlyRenderVisibleElements=${nodes.length > MANY}
    minZoom=${0.2}
    maxZoom=${2}
    ariaLabelConfig=${ariaWords(t)}
  >
    <${Background}
      variant=${BackgroundVariant.Dots}
      gap=${GRID}
      size=${1.6}
      color="var(--dot)"
    />
    <${Zoom} />
    <${Controls} editor=${editor} />
    <${MiniMap}
      pannable=${true}
      zoomable=${true}
      style=${MAP_SIZE}
      ariaLabel=${t("map")}
      nodeClassName=${mapClass}
      maskColor="var(--map-mask)"
      nodeBorderRadius=${12}
    />
    ${
      note &&
      html`<${Panel} position="top-right" className="canvas-note">
        <${Icon} sprite=${editor.sprite} name="lock" className="icon-small" /> ${note}
      <//>`
    }
  <//>`;
}

/** @typedef {import("builder/view/drawn").Dragged} Dragged */

/** @param {{editor: EditorParts, setDragged: (change: any) => void}} parts */
function handlersOf({ editor, setDragged }) {
  const { store } = editor;
  return {
    /** @param {any[]} changes */
    onNodesChange(changes) {
      const moved = changes.filter(
        (change) => change.type === "position" && change.position,
      );
      if (moved.length) {
        setDragged((/** @type {Dragged} */ before) => {
          const places = new Map(before.places);
          for (const { id, position } of moved) places.set(id, position);
          return { ...before, places };
        });
      }
      select(store, changes, "nodes");
    },
    /** @param {any[]} changes */
    onEdgesChange: (changes) => select(store, changes, "edges"),
    /** @param {any} _event @param {any} node @param {any[]} moved */
    onNodeDrag(_event, node, moved) {
      const target = mapUnder(editor, node, idsOf(moved));
      setDragged((/** @type {Dragged} */ before) =>
        before.target === target ? before : { ...before, target },
      );
    },
    /** @param {any} _event @param {any} node @param {any[]} moved */
    onNodeDragStop(_event, node, moved) {
      drop(editor, moved, mapUnder(editor, node, idsOf(moved)));
      setDragged(AT_REST);
    },
    /** @param {any} link */
    onConnect(link) {
      const { draft, edge } = connect(store.get().draft, wireOf(link));
      // How many rounds a loop may have is asked at once.
      store.edit(draft, isFeedback(edge) ? { select: selectionOf([], [edge.id]) } : {});
    },
    onPaneClick: () => store.select(selectionOf()),
  };
}

/** @param {any[]} nodes @returns {string[]} */
const idsOf = (nodes) => nodes.map(({ id }) => id);

/** @param {import("builder/store").Store} store @param {any[]} changes @param {"nodes" | "edges"} kind */
function select(store, changes, kind) {
  const picked = changes.filter((change) => change.type === "select");
  if (!picked.length) return;
  const { selection } = store.get();
  const ids = new Set(selection[kind]);
  for (const { id, selected } of picked) selected ? ids.add(id) : ids.delete(id);
  store.select({ ...selection, [kind]: ids });
}

/** @param {any} link @returns {import("builder/graph").Wire} */
const wireOf = (link) => ({
  source: link.source,
  source_port: link.sourceHandle ?? "out",
  target: link.target,
  target_port: link.targetHandle ?? "in",
});

/** Tells the style sheet how far away the canvas is. */
function Zoom() {
  const zoom = useStore((/** @type {any} */ state) => state.transform[2]);
  const level = zoom >= 0.7 ? "near" : zoom >= 0.35 ? "mid" : "far";
  const set = useCallback(
    (/** @type {HTMLElement | null} */ mark) => {
      const canvas = /** @type {HTMLElement | null} */ (mark?.closest(".react-flow"));
      if (!canvas) return;
      canvas.dataset.zoom = level;
      canvas.style.setProperty("--label-size", `${11 / Math.max(zoom, 0.35)}px`);
    },
    [level, zoom],
  );
  return html`<span ref=${set} hidden />`;
}

/** @param {any} node */
const mapClass = (node) =>
  `map-${node.data.state?.tone ?? "plain"} ${node.type === "map" ? "map-frame" : ""}`;

/** @param {import("builder/words").Say} t */
const ariaWords = (t) => ({
  "node.a11yDescription.keyboardDisabled": t("node_help"),
  "edge.a11yDescription.default": t("edge_help"),
  "minimap.ariaLabel": t("map"),
});
