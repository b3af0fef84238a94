// @ts-check
/** One edge: a curve, or around the corner where it leads left; its branch as a label. */

import {
  BaseEdge,
  EdgeLabelRenderer,
  Fragment,
  getBezierPath,
  getSmoothStepPath,
  html,
  memo,
} from "flow-kit";

import { Icon } from "builder/view/icon";

const LONGEST = 28;
const CORNER = 10;
const BADGES = { error: "x", warning: "alert-triangle" };

export const FlowEdge = memo(
  /** @param {any} props */
  function FlowEdge(props) {
    const { id, data, markerEnd } = props;
    const leadsBack = props.targetX < props.sourceX + 16;
    const [path, x, y] = leadsBack
      ? getSmoothStepPath({ ...props, borderRadius: CORNER, offset: 20 })
      : getBezierPath(props);
    return html`<${Fragment}
      ><${BaseEdge}
        id=${id}
        path=${path}
        markerEnd=${markerEnd}
        interactionWidth=${24}
      />
      <${Label} data=${data} x=${x} y=${y} />
    <//>`;
  },
);

/** A feedback edge: from the top of a node over its loop to the top of the loop's head. */
export const LoopEdge = memo(
  /** @param {any} props */
  function LoopEdge({ id, data }) {
    const { start, end, top } = data.way;
    const way = end.x > start.x ? CORNER : -CORNER;
    const tip = end.y - 3;
    const path =
      `M${start.x} ${start.y}V${top + CORNER}Q${start.x} ${top} ${start.x + way} ${top}` +
      `H${end.x - way}Q${end.x} ${top} ${end.x} ${top + CORNER}V${tip}`;
    const arrow = `M${end.x - 5} ${tip - 7}L${end.x} ${tip}L${end.x + 5} ${tip - 7}`;
    return html`<${Fragment}
      ><${BaseEdge} id=${id} path=${path} interactionWidth=${24} />
      <path className="loop-arrow" d=${arrow} />
      <${Label} data=${data} x=${(start.x + end.x) / 2} y=${top} icon="repeat" />
    <//>`;
  },
);

/** @param {{data: any, x: number, y: number, icon?: string}} props */
function Label({ data, x, y, icon }) {
  const { label, title, problem, state, sprite } = data;
  if (!label && !problem) return null;
  return html`<${EdgeLabelRenderer}>
    <div
      className=${`edge-label edge-label-${state} ${icon ? "edge-label-loop" : ""}`}
      title=${problem?.message ?? title}
      style=${{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
    >
      ${icon && html`<${Icon} sprite=${sprite} name=${icon} className="icon-small" />`}
      ${cut(label)}
      ${
        problem &&
        html`<span className=${`edge-badge flow-node-badge-${problem.severity}`}>
          <${Icon}
            sprite=${sprite}
            name=${BADGES[/** @type {"error" | "warning"} */ (problem.severity)]}
          />
        </span>`
      }
    </div>
  <//>`;
}

/** @param {string} text */
const cut = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
