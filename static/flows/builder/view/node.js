// @ts-check
/** One node: tile, label, foot, ports, problem badge, state of a run. */

import {
  Handle,
  html,
  memo,
  Position,
  useConnection,
  useEffect,
  useUpdateNodeInternals,
} from "flow-kit";

import { portShare } from "builder/geometry";
import { refusal } from "builder/graph";
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
 *   state: import("builder/states").NodeState | null, inRun: boolean,
 *   editor: import("builder/view/canvas").EditorParts}} NodeData
 */

export const FlowNode = memo(
  /** @param {{id: string, data: NodeData, isConnectable: boolean}} props */
  function FlowNode({ id, data, isConnectable }) {
    const { label, type, foot, ports, lost, problem, state, inRun, editor } = data;
    const update = useUpdateNodeInternals();
    const shown = [...ports, ...lost];
    const key = shown.join();
    useEffect(() => update(id), [id, key, update]);
    const tone = state ? `flow-node-${state.tone}` : inRun ? "flow-node-unreached" : "";
    return html`<div className=${`flow-node ${tone}`}>
      <div className="flow-node-head">
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
      </div>
      <${Foot} state=${state} foot=${foot} inRun=${inRun} editor=${editor} />
      ${
        problem &&
        html`<span
          className=${`flow-node-badge flow-node-badge-${problem.severity}`}
          title=${problem.message}
        >
          <${Icon} sprite=${editor.sprite} name=${BADGES[problem.severity]} />
        </span>`
      }
      ${(type?.inPorts ?? []).map(
        (port, index, all) =>
          html`<${InPort}
            key=${port}
            node=${id}
            port=${port}
            share=${portShare(index, all.length)}
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
            title=${port === "out" ? undefined : port}
            className=${`port ${shapeOf(port, lost)}`}
            style=${{ top: `${portShare(index, shown.length) * 100}%` }}
          />`,
      )}
    </div>`;
  },
);

/** @param {string} port @param {string[]} lost */
function shapeOf(port, lost) {
  if (lost.includes(port)) return "port-lost";
  return port === "out" ? "port-object" : "port-branch";
}

/** @param {any} props */
function Foot({ state, foot, inRun, editor }) {
  const { t, sprite } = editor;
  if (!state) {
    const icon = inRun ? "circle-dashed" : null;
    return html`<div className="flow-node-foot">
      ${icon && html`<${Icon} sprite=${sprite} name=${icon} className="icon-small" />`}
      <span className="flow-node-says">${inRun ? t("state_pending") : foot}</span>
    </div>`;
  }
  const says = state.says ?? t(`state_${state.status}`);
  return html`<div className="flow-node-foot">
    <span className=${`status status-${state.tone}`} title=${says}>
      <${Icon} sprite=${sprite} name=${state.icon} className="icon-small" />
      <span>${says}</span>
    </span>
    <span className="flow-node-figure">${state.figure}</span>
  </div>`;
}

/** @param {any} props */
function InPort({ node, port, share, connectable, editor }) {
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
    style=${{ top: `${share * 100}%` }}
  />`;
}
