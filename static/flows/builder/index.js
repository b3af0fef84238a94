// @ts-check
/**
 * `<flow-editor data="id of a json_script">`: a flow on a canvas.
 *
 * The data is what flows.builder.canvas.canvas_data gives. Attributes:
 *   readonly          nothing can be changed
 *   note              words at the top right, for example "Version 14, read only"
 *   run-url           address of a run's states: they light up. Read again at the event
 *                     `live` (add data-live-topic="run:…") until the run is over.
 * Events, bubbling: `flow:select` {node, edge} when one node, one edge or neither is
 *   selected, `flow:run` {run} with the states of the run.
 * Methods: select(id) and selectEdge(id) select from outside and bring it into view.
 */

import { createRoot, html } from "flow-kit";

import { call } from "builder/api";
import { boxesOf } from "builder/boxes";
import { firstView } from "builder/geometry";
import { selectionOf, Store } from "builder/store";
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
  #selected = "\n";
  #isReading = false;
  #isOutdated = false;
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

  /** Read the run anew; asked while it reads, once more, since answers may cross. */
  readRun = async () => {
    if (this.#isReading) {
      this.#isOutdated = true;
      return;
    }
    this.#isReading = true;
    try {
      do {
        this.#isOutdated = false;
        await this.#readOnce();
      } while (this.#isOutdated);
    } finally {
      this.#isReading = false;
    }
  };

  async #readOnce() {
    const url = this.getAttribute("run-url");
    if (!url) return this.store.setRun(null);
    const run = await call("GET", url).catch(() => null);
    if (!run || this.getAttribute("run-url") !== url) return;
    this.store.setRun(run);
    this.#tell("flow:run", { run });
  }

  /** @param {string} id */
  select(id) {
    this.store.select(selectionOf(id ? [id] : []));
    this.show(id);
  }

  /** @param {string} id */
  selectEdge(id) {
    this.store.select(selectionOf([], [id]));
    const edge = this.store.get().draft.flow.edges.find((each) => each.id === id);
    if (edge) this.show(edge.source);
  }

  /** The places and sizes of all nodes. */
  boxes = () => boxesOf(this.store.get().draft, this.parts.types);

  /** Bring a node into view.
   * @param {string} id */
  show(id) {
    const box = this.boxes().get(id);
    if (!box || !this.#flow || this.#isVisible(box)) return;
    const { zoom } = this.#flow.getViewport();
    this.#flow.setCenter(box.x + box.width / 2, box.y + 32, { zoom, duration: 160 });
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
    flow.setViewport(firstView(this.boxes(), this.getBoundingClientRect()));
  };

  #tellSelected = () => {
    const { nodes, edges } = this.store.get().selection;
    const node = nodes.size === 1 ? [...nodes][0] : "";
    const edge = nodes.size === 0 && edges.size === 1 ? [...edges][0] : "";
    const selected = `${node}\n${edge}`;
    if (selected === this.#selected) return;
    this.#selected = selected;
    this.#tell("flow:select", { node, edge });
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
