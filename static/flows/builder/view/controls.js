// @ts-check
/** Zoom out, the present zoom, zoom in, fit. */

import { html, Panel, useReactFlow, useStore } from "flow-kit";

import { Icon } from "builder/view/icon";

/** @param {{editor: import("builder/view/canvas").EditorParts}} props */
export function Controls({ editor: { t, sprite } }) {
  const flow = useReactFlow();
  const percent = useStore((/** @type {any} */ state) =>
    Math.round(state.transform[2] * 100),
  );
  const steps = [
    { key: "zoom_out", icon: "zoom-out", act: () => flow.zoomOut() },
    { key: "zoom_reset", icon: null, act: () => flow.zoomTo(1) },
    { key: "zoom_in", icon: "zoom-in", act: () => flow.zoomIn() },
    { key: "fit", icon: "maximize", act: () => flow.fitView(FIT) },
  ];
  return html`<${Panel} position="bottom-left" className="canvas-controls">
    ${steps.map(
      ({ key, icon, act }) =>
        html`<button
          key=${key}
          type="button"
          aria-label=${icon ? t(key) : `${percent} %, ${t(key)}`}
          title=${t(key)}
          onClick=${act}
        >
          ${icon ? html`<${Icon} sprite=${sprite} name=${icon} />` : `${percent} %`}
        </button>`,
    )}
  <//>`;
}

export const FIT = { padding: 0.12, maxZoom: 1, minZoom: 0.3 };
