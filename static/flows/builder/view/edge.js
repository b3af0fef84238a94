// @ts-check
/** One edge: a curve, or around the corner where it leads back; its branch as a label. */

import {
  BaseEdge,
  EdgeLabelRenderer,
  Fragment,
  getBezierPath,
  getSmoothStepPath,
  html,
  memo,
} from "flow-kit";

const LONGEST = 28;

export const FlowEdge = memo(
  /** @param {any} props */
  function FlowEdge(props) {
    const { id, data, markerEnd } = props;
    const leadsBack = props.targetX < props.sourceX + 16;
    const [path, x, y] = leadsBack
      ? getSmoothStepPath({ ...props, borderRadius: 10, offset: 20 })
      : getBezierPath(props);
    return html`<${Fragment}
      ><${BaseEdge}
        id=${id}
        path=${path}
        markerEnd=${markerEnd}
        interactionWidth=${24}
      />
      ${
        data.label &&
        html`<${EdgeLabelRenderer}>
          <div
            className=${`edge-label edge-label-${data.state}`}
            title=${data.title}
            style=${{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          >
            ${cut(data.label)}
          </div>
        <//>`
      }
    <//>`;
  },
);

/** @param {string} text */
const cut = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
