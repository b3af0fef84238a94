// @ts-check
/** Wires of the selected node as lists: what the mouse draws can be chosen here too. */

import {
  connect,
  isFeedback,
  labelOf,
  leadsTo,
  nodeOf,
  parentOf,
  portsOf,
  refusal,
  remove,
  sourcePort,
  targetPort,
} from "builder/graph";
import { canStandInMap, mapsFor } from "builder/nesting";
import { element } from "builder/view/element";
import { iconElement } from "builder/view/icon";

/** @typedef {import("builder/graph").Wire} Wire */

export class Connections {
  /**
   * @param {HTMLElement} root @param {import("builder/index").FlowEditor} canvas
   * @param {import("builder/view/actions").Actions} actions
   */
  constructor(root, canvas, actions) {
    this.root = root;
    this.actions = actions;
    this.canvas = canvas;
    canvas.store.subscribe(this.#draw);
    this.#draw();
  }

  /** @type {unknown[]} */
  #drawn = [];

  #draw = () => {
    const { draft, selection } = this.canvas.store.get();
    const id = selection.nodes.size === 1 ? [...selection.nodes][0] : "";
    const wanted = [
      draft.flow.edges,
      draft.faces,
      draft.flow.nodes,
      id,
      this.canvas.isReadOnly,
    ];
    if (wanted.every((part, index) => part === this.#drawn[index])) return;
    this.#drawn = wanted;
    const focused = document.activeElement?.id;
    const node = draft.flow.nodes.find((each) => each.id === id);
    this.root.hidden = !node;
    if (!node) return;
    const { t, types } = this.canvas.parts;
    this.root.replaceChildren(
      element("h3", {}, t("connections")),
      ...(types[node.type]?.inPorts ?? []).map((port) => this.#into(id, port)),
      ...portsOf(draft, id).map((port) => this.#outOf(id, port)),
      ...this.#home(id),
    );
    if (focused) document.getElementById(focused)?.focus();
  };

  /** @param {string} id @param {string} port */
  #into(id, port) {
    const { t } = this.canvas.parts;
    const { draft } = this.canvas.store.get();
    const edges = draft.flow.edges.filter(
      (edge) => edge.target === id && targetPort(edge) === port,
    );
    const options = draft.flow.nodes.flatMap((node) =>
      portsOf(draft, node.id).map((from) => ({
        source: node.id,
        source_port: from,
        target: id,
        target_port: port,
      })),
    );
    const named = (/** @type {Wire} */ wire) => {
      const label = this.#sourceName(wire.source, wire.source_port);
      return leadsTo(draft, id, wire.source) ? t("back_from", { label }) : label;
    };
    const rows = edges.map((edge) => {
      const label = this.#sourceName(edge.source, sourcePort(edge));
      return this.#row(edge.id, isFeedback(edge) ? t("back_from", { label }) : label);
    });
    return this.#group(
      `wire-in-${port}`,
      t("follows"),
      rows,
      t("connect_from"),
      options,
      named,
    );
  }

  /** @param {string} id @param {string} port */
  #outOf(id, port) {
    const { t, types } = this.canvas.parts;
    const { draft } = this.canvas.store.get();
    const edges = draft.flow.edges.filter(
      (edge) => edge.source === id && sourcePort(edge) === port,
    );
    const options = draft.flow.nodes.flatMap((node) =>
      (types[node.type]?.inPorts ?? []).map((into) => ({
        source: id,
        source_port: port,
        target: node.id,
        target_port: into,
      })),
    );
    const title = port === "out" ? t("leads_to") : t("on_port", { port });
    const named = (/** @type {Wire} */ wire) => {
      const label = labelOf(draft, types, wire.target);
      return leadsTo(draft, wire.target, id) ? t("back_to", { label }) : label;
    };
    const rows = edges.map((edge) => {
      const label = labelOf(draft, types, edge.target);
      return this.#row(edge.id, isFeedback(edge) ? t("back_to", { label }) : label);
    });
    return this.#group(
      `wire-out-${port}`,
      title,
      rows,
      t("connect_to"),
      options,
      named,
    );
  }

  /** The map in which the node stands, where there is one to choose.
   * @param {string} id */
  #home(id) {
    const { t, types } = this.canvas.parts;
    const { draft } = this.canvas.store.get();
    const maps = canStandInMap(nodeOf(draft, id)) ? mapsFor(draft, id) : [];
    if (!maps.length) return [];
    const now = parentOf(draft, id);
    const choice = (/** @type {string} */ value, /** @type {string} */ words) =>
      element("option", { value, selected: value === now }, words);
    const select = /** @type {HTMLSelectElement} */ (
      element(
        "select",
        { class: "input", id: "stands-in", disabled: this.canvas.isReadOnly },
        choice("", t("in_no_map")),
        ...maps.map((map) => choice(map, labelOf(draft, types, map))),
      )
    );
    select.addEventListener("change", () => this.actions.put(id, select.value));
    const label = element("label", { for: "stands-in" }, t("stands_in"));
    const head = element("div", { class: "field-head" }, label);
    return [element("div", { class: "field" }, head, select)];
  }

  /** @param {string} source @param {string} port */
  #sourceName(source, port) {
    const label = labelOf(
      this.canvas.store.get().draft,
      this.canvas.parts.types,
      source,
    );
    return port === "out" ? label : `${label}, ${port}`;
  }

  /**
   * @param {string} key @param {string} title @param {HTMLElement[]} rows
   * @param {string} prompt @param {Wire[]} options @param {(wire: Wire) => string} named
   */
  #group(key, title, rows, prompt, options, named) {
    const { store, parts } = this.canvas;
    const { draft } = store.get();
    const fitting = options.filter((wire) => !refusal(draft, parts.types, wire));
    const select = /** @type {HTMLSelectElement} */ (
      element(
        "select",
        {
          class: "input",
          id: key,
          disabled: this.canvas.isReadOnly || !fitting.length,
        },
        element("option", { value: "" }, prompt),
        ...fitting.map((wire, index) =>
          element("option", { value: index }, named(wire)),
        ),
      )
    );
    select.addEventListener("change", () => {
      if (select.value)
        store.edit(connect(store.get().draft, fitting[Number(select.value)]).draft);
    });
    const label = element("label", { for: key }, title);
    const head = element("div", { class: "field-head" }, label);
    return element("div", { class: "field" }, head, ...rows, select);
  }

  /** @param {string} edge @param {string} label */
  #row(edge, label) {
    const { t, sprite } = this.canvas.parts;
    const { store } = this.canvas;
    const cut = () => store.edit(remove(store.get().draft, new Set(), new Set([edge])));
    const words = t("disconnect", { label });
    const button = element(
      "button",
      {
        type: "button",
        class: "button button-quiet button-icon button-small",
        "aria-label": words,
        title: words,
        onclick: cut,
      },
      iconElement(sprite, "unlink", "icon-small"),
    );
    const name = element("span", { class: "cut" }, label);
    return element(
      "div",
      { class: "wire-row" },
      name,
      this.canvas.isReadOnly ? null : button,
    );
  }
}
