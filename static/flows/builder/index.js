// @ts-check
/**
 * `<flow-editor data="id of a json_script">`: a flow on a canvas.
 *
 * The data is what flows.builder.canvas.canvas_data gives. Attributes:
 *   readonly          nothing can be changed
 *   note              words at the top right, for example "Version 14, read only"
 *   run-url           address of a run in the API: its states light up. Read again at the
 *                     event `live` (add data-live-topic="run:…") until the run is over.
 * Events, bubbling: `flow:select` {node} when one node or none is selected,
 *   `flow:run` {run} with the run as the API gave it.
 * Method: select(id) selects a node from outside and brings it into view.
 */

import { createRoot, html } from "flow-kit";

import { call } from "builder/api";
import { firstView } from "builder/geometry";
import { selectionOf, Store } from "builder/store";
import { statesOf } from "builder/states";
import { Canvas } from "builder/view/canvas";
import { FIT } from "builder/view/controls";
import { speaker } from "builder/words";

// Too small to draw on: the flow can be looked at.
const NARROW = window.matchMedia("(width < 720px)");

export class FlowEditor extends HTMLElement {
  static observedAttributes = ["run-url"];

  /** @type {any} */
  #root = null;
  /** @type {any} */
  #flow = null;
  /** @type {(() => void) | null} */
  #stop = null;
  #selected = "";
  /** @type {any} what the json_script holds */
  data = null;
  /** Set when the element is connected. */
  parts = /** @type {import("builder/view/canvas").EditorParts} */ (
    /** @type {unknown} */ (null)
  );

  connectedCallback() {
    if (this.#root) return;
    const source = document.getElementById(this.getAttribute("data") ?? "");
    this.data = JSON.parse(source?.textContent ?? "{}");
    const { document: flow, faces, types, words, sprite } = this.data;
    const store = new Store({ flow, faces });
    this.parts = {
      store,
      types,
      sprite,
      isReadOnly: this.isReadOnly,
      t: speaker(words),
    };
    this.#root = createRoot(this);
    this.#draw();
    this.#stop = store.subscribe(this.#tellSelected);
    NARROW.addEventListener("change", this.#draw);
    this.addEventListener("live", this.readRun);
    this.readRun();
  }

  disconnectedCallback() {
    this.#stop?.();
    NARROW.removeEventListener("change", this.#draw);
    this.removeEventListener("live", this.readRun);
    const root = this.#root;
    this.#root = null;
    // React must not be unmounted while it renders.
    queueMicrotask(() => root?.unmount());
  }

  attributeChangedCallback() {
    if (this.#root) this.readRun();
  }

  get isReadOnly() {
    return this.hasAttribute("readonly") || NARROW.matches;
  }

  get store() {
    return this.parts.store;
  }

  readRun = async () => {
    const url = this.getAttribute("run-url");
    if (!url) return this.store.setRun(null);
    const run = await call("GET", url).catch(() => null);
    if (!run || this.getAttribute("run-url") !== url) return;
    this.store.setRun(statesOf(run));
    this.#tell("flow:run", { run });
  };

  /** @param {string} id */
  select(id) {
    this.store.select(selectionOf(id ? [id] : []));
    this.show(id);
  }

  /** Bring a node into view.
   * @param {string} id */
  show(id) {
    const { draft } = this.store.get();
    const place = draft.flow.nodes.find((node) => node.id === id)?.position;
    if (!place || !this.#flow || this.#isVisible(place)) return;
    const { zoom } = this.#flow.getViewport();
    this.#flow.setCenter(place.x + 76, place.y + 32, { zoom, duration: 160 });
  }

  fit = () => this.#flow?.fitView({ ...FIT, duration: 160 });

  /** A point of the window on the canvas.
   * @param {{x: number, y: number}} point */
  placeAt = (point) => this.#flow?.screenToFlowPosition(point) ?? { x: 0, y: 0 };

  /** @param {string} id */
  focusNode(id) {
    const node = this.querySelector(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
    if (node instanceof HTMLElement) node.focus({ preventScroll: true });
  }

  /** @param {{x: number, y: number}} place */
  #isVisible(place) {
    const box = this.getBoundingClientRect();
    const at = this.#flow.flowToScreenPosition(place);
    return (
      at.x > box.left &&
      at.x < box.right - 80 &&
      at.y > box.top &&
      at.y < box.bottom - 40
    );
  }

  #draw = () => {
    this.parts = { ...this.parts, isReadOnly: this.isReadOnly };
    this.#root?.render(
      html`<${Canvas}
        editor=${this.parts}
        note=${this.getAttribute("note") ?? ""}
        onReady=${this.#keepFlow}
        onRefused=${this.#tellRefused}
        onDropped=${this.#tellDropped}
      />`,
    );
  };

  #keepFlow = (/** @type {any} */ flow) => {
    this.#flow = flow;
    flow.setViewport(firstView(this.store.get().draft, this.getBoundingClientRect()));
  };

  #tellSelected = () => {
    const { nodes } = this.store.get().selection;
    const node = nodes.size === 1 ? [...nodes][0] : "";
    if (node === this.#selected) return;
    this.#selected = node;
    this.#tell("flow:select", { node });
  };

  #tellRefused = (/** @type {string} */ reason, /** @type {any} */ wire) =>
    this.#tell("flow:refused", { reason, wire });

  #tellDropped = (/** @type {any} */ wire, /** @type {any} */ event) =>
    this.#tell("flow:dropped", { wire, point: pointOf(event) });

  /** @param {string} name @param {object} detail */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

/** @param {any} event a mouse or touch event */
function pointOf(event) {
  const at = event.changedTouches?.[0] ?? event;
  return { x: at.clientX, y: at.clientY };
}

customElements.define("flow-editor", FlowEditor);
