// @ts-check
/** Wires of the selected node as lists: what the mouse draws can be chosen here too. */

import {
  connect,
  labelOf,
  refusal,
  remove,
  sourcePort,
  targetPort,
} from "builder/graph";
import { element } from "builder/view/element";
import { iconElement } from "builder/view/icon";

/** @typedef {import("builder/graph").Wire} Wire */

export class Connections {
  /** @param {HTMLElement} root @param {import("builder/index").FlowEditor} canvas */
  constructor(root, canvas) {
    this.root = root;
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
      draft.flow.nodes.length,
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
    const ports = draft.faces[id]?.ports ?? [];
    this.root.replaceChildren(
      element("h3", {}, t("connections")),
      ...(types[node.type]?.inPorts ?? []).map((port) => this.#into(id, port)),
      ...ports.map((port) => this.#outOf(id, port)),
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
      (draft.faces[node.id]?.ports ?? []).map((from) => ({
        source: node.id,
        source_port: from,
        target: id,
        target_port: port,
      })),
    );
    const named = (/** @type {Wire} */ wire) =>
      this.#sourceName(wire.source, wire.source_port);
    const rows = edges.map((edge) =>
      this.#row(edge.id, this.#sourceName(edge.source, sourcePort(edge))),
    );
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
    const named = (/** @type {Wire} */ wire) => labelOf(draft, types, wire.target);
    const rows = edges.map((edge) =>
      this.#row(edge.id, labelOf(draft, types, edge.target)),
    );
    return this.#group(
      `wire-out-${port}`,
      title,
      rows,
      t("connect_to"),
      options,
      named,
    );
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
        store.edit(connect(store.get().draft, fitting[Number(select.value)]));
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
