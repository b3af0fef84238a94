// @ts-check
/** One node: tile, label, foot, ports, problem badge, state of a run; maps and notes. */

import {
  Fragment,
  Handle,
  html,
  memo,
  Position,
  useConnection,
  useEffect,
  useUpdateNodeInternals,
} from "flow-kit";

import { HEAD } from "builder/boxes";
import { portShare } from "builder/geometry";
import { ERROR, EXHAUSTED, refusal } from "builder/graph";
import { Icon } from "builder/view/icon";

/** @type {Record<string, string>} */
const TILES = {
  model: "tile-model",
  check: "tile-check",
  person: "tile-person",
  end: "tile-end",
};
const BADGES = { error: "x", warning: "alert-triangle" };

/**
 * @typedef {{label: string, type: import("builder/graph").NodeType | undefined, foot: string,
 *   ports: string[], lost: string[], problem: import("builder/store").Problem | null,
 *   state: import("builder/states").NodeState | null, inRun: boolean, isEmpty: boolean,
 *   isTarget: boolean, editor: import("builder/view/canvas").EditorParts}} NodeData
 */

/** @typedef {{id: string, data: NodeData, isConnectable: boolean}} NodeProps */

export const FlowNode = memo(
  /** @param {NodeProps} props */
  function FlowNode({ id, data, isConnectable }) {
    const { state, inRun } = data;
    const tone = state ? `flow-node-${state.tone}` : inRun ? "flow-node-unreached" : "";
    return html`<div className=${`flow-node ${tone}`}>
      <${Head} data=${data} />
      <${Foot} data=${data} />
      <${Badges} data=${data} />
      <${Ports} id=${id} data=${data} isConnectable=${isConnectable} />
    </div>`;
  },
);

/** A map: the head of a node, and below it the body that others are dragged into. */
export const MapNode = memo(
  /** @param {NodeProps} props */
  function MapNode({ id, data, isConnectable }) {
    const { state, isEmpty, isTarget, editor } = data;
    const tone = state ? `flow-node-${state.tone}` : "";
    const target = isTarget ? "flow-map-target" : "";
    return html`<div className=${`flow-node flow-map ${tone} ${target}`}>
      <${Head} data=${data} />
      <${Foot} data=${data} />
      <div className="flow-map-body">
        ${isEmpty && html`<p>${editor.t("map_empty")}</p>`}
      </div>
      <${Badges} data=${data} />
      <${Ports} id=${id} data=${data} isConnectable=${isConnectable} height=${HEAD} />
    </div>`;
  },
);

/** Words for whoever reads the flow. */
export const NoteNode = memo(
  /** @param {NodeProps} props */
  function NoteNode({ data }) {
    return html`<div className="flow-note">
      ${data.foot || data.label}
      <${Badges} data=${data} />
    </div>`;
  },
);

/** @param {{data: NodeData}} props */
function Head({ data: { label, type, state, editor } }) {
  return html`<div className="flow-node-head">
    <span className=${`tile ${TILES[type?.tile ?? ""] ?? ""}`}>
      <${Icon} sprite=${editor.sprite} name=${type?.icon ?? "help-octagon"} />
    </span>
    <span className="flow-node-label" title=${label}>${label}</span>
    ${
      state &&
      html`<span className=${`flow-node-mark status-${state.tone}`}>
        <${Icon} sprite=${editor.sprite} name=${state.icon} />
      </span>`
    }
  </div>`;
}

/** @param {{data: NodeData}} props */
function Badges({ data: { problem, state, editor } }) {
  const { sprite } = editor;
  return html`<${Fragment}>
    ${
      state &&
      state.round > 1 &&
      html`<span className="flow-node-round">
        <${Icon} sprite=${sprite} name="repeat" className="icon-small" /> ${state.round}
      </span>`
    }
    ${
      problem &&
      html`<span
        className=${`flow-node-badge flow-node-badge-${problem.severity}`}
        title=${problem.message}
      >
        <${Icon} sprite=${sprite} name=${BADGES[problem.severity]} />
      </span>`
    }
  <//>`;
}

/**
 * The ways in and out; those in stand level with the heads of the nodes before.
 *
 * @param {{id: string, data: NodeData, isConnectable: boolean, height?: number}} props
 */
function Ports({ id, data: { type, ports, lost, editor }, isConnectable, height }) {
  const update = useUpdateNodeInternals();
  const shown = [...ports, ...lost];
  const key = shown.join();
  useEffect(() => update(id), [id, key, update]);
  const top = (/** @type {number} */ index) => {
    const share = portShare(index, shown.length);
    return height ? `${share * height}px` : `${share * 100}%`;
  };
  return html`<${Fragment}>
    ${(type?.inPorts ?? []).map(
      (port) =>
        html`<${InPort}
          key=${port}
          node=${id}
          port=${port}
          connectable=${isConnectable}
          editor=${editor}
        />`,
    )}
    ${shown.map(
      (port, index) =>
        html`<${Handle}
          key=${port}
          id=${port}
          type="source"
          position=${Position.Right}
          isConnectable=${isConnectable}
          title=${titleOf(port, editor.t)}
          className=${`port ${shapeOf(port, lost)}`}
          style=${{ top: top(index) }}
        />`,
    )}
  <//>`;
}

/** @param {string} port @param {import("builder/words").Say} t */
function titleOf(port, t) {
  if (port === "out") return undefined;
  return port in WHY ? t(WHY[port], { port }) : port;
}

/** @type {Record<string, string>} ports that a node has beside those of its type */
const WHY = { error: "port_error", exhausted: "port_exhausted", unmet: "port_unmet" };

/** @param {string} port @param {string[]} lost */
function shapeOf(port, lost) {
  if (lost.includes(port)) return "port-lost";
  if (port === ERROR) return "port-error";
  if (port === EXHAUSTED) return "port-exhausted";
  return port === "out" ? "port-object" : "port-branch";
}

/** @param {{data: NodeData}} props */
function Foot({ data: { state, foot, inRun, editor } }) {
  const { t, sprite } = editor;
  if (!state) {
    const icon = inRun ? "circle-dashed" : null;
    return html`<div className="flow-node-foot">
      ${icon && html`<${Icon} sprite=${sprite} name=${icon} className="icon-small" />`}
      <span className="flow-node-says">${inRun ? t("state_pending") : foot}</span>
    </div>`;
  }
  const says = state.says || state.word;
  return html`<div className="flow-node-foot">
    <span className=${`status status-${state.tone}`} title=${says}>
      <${Icon} sprite=${sprite} name=${state.icon} className="icon-small" />
      <span>${says}</span>
    </span>
    <span className="flow-node-figure">${state.figure}</span>
  </div>`;
}

/** @param {any} props */
function InPort({ node, port, connectable, editor }) {
  const from = useConnection((/** @type {any} */ connection) =>
    connection.inProgress && connection.fromHandle.type === "source"
      ? `${connection.fromHandle.nodeId}\n${connection.fromHandle.id}`
      : "",
  );
  const [source, source_port] = from.split("\n");
  const wire = { source, source_port, target: node, target_port: port };
  const { draft } = editor.store.get();
  const fit = !from
    ? ""
    : refusal(draft, editor.types, wire)
      ? "port-misfit"
      : "port-fit";
  return html`<${Handle}
    id=${port}
    type="target"
    position=${Position.Left}
    isConnectable=${connectable}
    className=${`port port-in ${fit}`}
    style=${{ top: `${HEAD / 2}px` }}
  />`;
}
