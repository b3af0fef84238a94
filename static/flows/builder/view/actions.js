// @ts-check
/** What can be done to the draft, for keys, buttons, palette and menus alike. */

import { BODY_PAD, BODY_TOP, mapAt, placeIn } from "builder/boxes";
import { copy, fromText, paste, toText } from "builder/clipboard";
import { freePlace, neighbour, placeAfter, snapped } from "builder/geometry";
import {
  addNode,
  connect,
  isFeedback,
  labelOf,
  move,
  parentOf,
  portsOf,
  refusal,
  remove,
} from "builder/graph";
import { canStandInMap, settle } from "builder/nesting";
import { selectionOf } from "builder/store";
import { openWireMenu } from "builder/view/wire_menu";

const HALF = { x: 76, y: 32 };
const GAP = 40;

export class Actions {
  /**
   * @param {import("builder/index").FlowEditor} canvas
   * @param {(words: string) => void} say tells those who do not see the canvas
   * @param {() => Promise<void>} settle waits until what is typed is in the draft
   */
  constructor(canvas, say, settle) {
    this.settle = settle;
    this.canvas = canvas;
    this.store = canvas.store;
    this.say = say;
    this.t = canvas.parts.t;
  }

  /** Add a node at a point of the window, or after the selection.
   * @param {string} type @param {{x: number, y: number}} [point] @returns {string} its id */
  add(type, point) {
    const { draft, selection } = this.store.get();
    const after = selection.nodes.size === 1 ? [...selection.nodes][0] : undefined;
    const place = point
      ? this.#around(point, type)
      : placeAfter(draft, this.canvas.boxes(), after);
    const { types } = this.canvas.parts;
    const added = addNode(draft, type, types[type], place);
    this.store.edit(added.draft, { select: selectionOf([added.id]) });
    this.say(this.t("added", { label: types[type].label }));
    requestAnimationFrame(() => {
      this.canvas.show(added.id);
      this.canvas.focusNode(added.id);
    });
    return added.id;
  }

  delete() {
    const { draft, selection } = this.store.get();
    if (!selection.nodes.size && !selection.edges.size) return;
    const what = this.#counted(selection.nodes.size, selection.edges.size);
    this.store.edit(remove(draft, selection.nodes, selection.edges), {
      select: selectionOf(),
    });
    this.say(this.t("deleted", { what }));
  }

  /** @returns {string} the selected nodes as text, or nothing */
  copied() {
    const { draft, selection } = this.store.get();
    if (!selection.nodes.size) return "";
    this.say(this.t("copied", { what: this.#counted(selection.nodes.size, 0) }));
    return toText(copy(draft, selection.nodes));
  }

  /** @param {string} text @returns {boolean} whether it held nodes */
  paste(text) {
    const clip = fromText(text);
    if (!clip) return false;
    const pasted = paste(this.store.get().draft, clip);
    this.store.edit(pasted.draft, { select: selectionOf(pasted.ids) });
    this.say(this.t("pasted", { what: this.#counted(pasted.ids.size, 0) }));
    return true;
  }

  duplicate() {
    const { draft, selection } = this.store.get();
    if (selection.nodes.size) this.paste(toText(copy(draft, selection.nodes)));
  }

  selectAll() {
    this.store.select(
      selectionOf(this.store.get().draft.flow.nodes.map((node) => node.id)),
    );
  }

  /** @param {number} x @param {number} y */
  nudge(x, y) {
    const { draft, selection } = this.store.get();
    if (!selection.nodes.size) return;
    const places = draft.flow.nodes
      .filter((node) => selection.nodes.has(node.id))
      .map(
        ({ id, position = { x: 0, y: 0 } }) =>
          /** @type {const} */ ([id, { x: position.x + x, y: position.y + y }]),
      );
    this.store.edit(move(draft, new Map(places)), {
      key: `nudge:${[...selection.nodes]}`,
    });
  }

  /** Go along the flow. @param {1 | -1} step */
  step(step) {
    const { selection } = this.store.get();
    const next = neighbour(this.canvas.boxes(), [...selection.nodes][0], step);
    if (!next) return;
    this.canvas.select(next);
    this.canvas.focusNode(next);
  }

  async undo() {
    await this.settle();
    if (!this.store.get().canUndo) return;
    this.store.undo();
    this.say(this.t("undone"));
  }

  async redo() {
    await this.settle();
    if (!this.store.get().canRedo) return;
    this.store.redo();
    this.say(this.t("redone"));
  }

  /** Wire the selected node from its first port that leads nowhere. */
  wire() {
    const { draft, selection } = this.store.get();
    const source = selection.nodes.size === 1 ? [...selection.nodes][0] : "";
    const ports = source ? portsOf(draft, source) : [];
    const isUsed = (/** @type {string} */ port) =>
      draft.flow.edges.some(
        (edge) => edge.source === source && (edge.source_port ?? "out") === port,
      );
    const source_port = ports.find((port) => !isUsed(port)) ?? ports[0];
    const box = this.canvas
      .querySelector(`[data-id="${CSS.escape(source)}"]`)
      ?.getBoundingClientRect();
    if (source_port && box)
      this.wireFrom({ source, source_port }, { x: box.right + 8, y: box.top });
  }

  /**
   * Offer what a wire could lead to.
   *
   * @param {{source: string, source_port: string}} from @param {{x: number, y: number}} point
   * @param {{x: number, y: number}} [place] where a new node would stand
   */
  wireFrom(from, point, place) {
    openWireMenu({
      canvas: this.canvas,
      point,
      from,
      addsFirst: place !== undefined,
      onNode: (id) => this.connect({ ...from, target: id, target_port: "in" }),
      onType: (type) => this.#addBehind(type, from, place),
    });
  }

  /** @param {import("builder/graph").Wire} wire */
  connect(wire) {
    const { draft } = this.store.get();
    const { types } = this.canvas.parts;
    const reason = refusal(draft, types, wire);
    const names = {
      source: labelOf(draft, types, wire.source),
      target: labelOf(draft, types, wire.target),
    };
    if (reason) return this.say(this.t(reason, names));
    const { draft: after, edge } = connect(draft, wire);
    this.store.edit(after);
    this.say(this.t(isFeedback(edge) ? "looped" : "connected", names));
  }

  /** Put a node into a map, or out of all of them for an empty one.
   * @param {string} id @param {string} parent */
  put(id, parent) {
    const { draft } = this.store.get();
    const boxes = this.canvas.boxes();
    const box = boxes.get(id);
    if (!box) return;
    const around = boxes.get(parentOf(draft, id));
    const below = { x: box.x, y: (around?.y ?? 0) + (around?.height ?? 0) + GAP };
    const position = parent ? { x: BODY_PAD, y: BODY_TOP } : snapped(below);
    const place = freePlace(draft, boxes, { position, parent });
    this.store.edit(settle(draft, new Map([[id, place]])));
    const { types } = this.canvas.parts;
    const label = labelOf(draft, types, id);
    const map = parent ? labelOf(draft, types, parent) : "";
    this.say(this.t(parent ? "put_in" : "taken_out", { label, map }));
  }

  /**
   * A new node and its wire: one gesture, one step.
   *
   * @param {string} type @param {{source: string, source_port: string}} from
   * @param {{x: number, y: number}} [point]
   */
  #addBehind(type, from, point) {
    const { draft } = this.store.get();
    const { types } = this.canvas.parts;
    const after = placeAfter(draft, this.canvas.boxes(), from.source);
    // A wire stays in the map in which it begins.
    const around = point && this.#around(point, type);
    const place = around && around.parent === after.parent ? around : after;
    const added = addNode(draft, type, types[type], place);
    const wire = { ...from, target: added.id, target_port: types[type].inPorts[0] };
    this.store.edit(connect(added.draft, wire).draft, {
      select: selectionOf([added.id]),
    });
    this.say(this.t("added", { label: types[type].label }));
    requestAnimationFrame(() => this.canvas.focusNode(added.id));
  }

  /**
   * @param {{x: number, y: number}} point of the window, where a node's middle will be
   * @param {string} type
   */
  #around(point, type) {
    const { draft } = this.store.get();
    const boxes = this.canvas.boxes();
    const at = this.canvas.placeAt(point);
    const parent = canStandInMap({ type }) ? mapAt(draft, boxes, at) : "";
    const corner = { x: at.x - HALF.x, y: at.y - HALF.y };
    const position = snapped(placeIn(boxes, parent, corner));
    return freePlace(draft, boxes, { position, parent });
  }

  /** @param {number} nodes @param {number} edges */
  #counted(nodes, edges) {
    const n = nodes || edges;
    const noun = nodes ? "node" : "edge";
    return this.t(n === 1 ? `one_${noun}` : `many_${noun}s`, { n });
  }
}
