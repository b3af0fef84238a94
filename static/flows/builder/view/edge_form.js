// @ts-check
/** The form beside the canvas for a connection: where it leads, and how often back. */

import { isFeedback, labelOf, setRounds, sourcePort } from "builder/graph";
import { element } from "builder/view/element";
import { iconElement } from "builder/view/icon";

const MOST_ROUNDS = 1000;

export class EdgeForm {
  #shown = "";

  /**
   * @param {HTMLElement} root @param {import("builder/index").FlowEditor} canvas
   * @param {import("builder/view/actions").Actions} actions
   */
  constructor(root, canvas, actions) {
    this.root = root;
    this.canvas = canvas;
    this.actions = actions;
    canvas.store.subscribe(this.#draw);
    canvas.addEventListener("flow:select", this.#draw);
    this.#draw();
  }

  get #edge() {
    const { draft, selection } = this.canvas.store.get();
    const [id] = selection.nodes.size === 0 ? selection.edges : [];
    return selection.edges.size === 1
      ? draft.flow.edges.find((edge) => edge.id === id)
      : undefined;
  }

  #draw = () => {
    const edge = this.#edge;
    this.root.hidden = !edge;
    const { draft, problems } = this.canvas.store.get();
    const mine = problems.filter((problem) => problem.edge_id === edge?.id);
    const shown = edge
      ? JSON.stringify([edge, mine, draft.flow.nodes.map((node) => node.label)])
      : "";
    if (shown === this.#shown) return;
    this.#shown = shown;
    // Who types a number keeps the field.
    if (edge && this.root.contains(document.activeElement)) return this.#say(mine);
    this.root.replaceChildren(...(edge ? this.#parts(edge) : []));
    this.#say(mine);
  };

  /** @param {import("builder/graph").FlowEdge} edge */
  #parts(edge) {
    const { t, types, sprite } = this.canvas.parts;
    const { draft } = this.canvas.store.get();
    const named = (/** @type {string} */ id) => labelOf(draft, types, id);
    const ends = { source: named(edge.source), target: named(edge.target) };
    const isLoop = isFeedback(edge);
    const port = sourcePort(edge);
    const tile = element(
      "span",
      { class: "tile" },
      iconElement(sprite, isLoop ? "repeat" : "arrow-right"),
    );
    const about = isLoop ? t("loop_about", ends) : t("between", ends);
    const title = element(
      "div",
      {},
      element("h2", {}, t(isLoop ? "loop_title" : "connection")),
      element("p", { class: "cut", title: about }, about),
    );
    const way = element(
      "p",
      { class: "field-hint" },
      t(isLoop ? "loop_help" : "connection_help", { port }),
    );
    const remove = element(
      "button",
      {
        type: "button",
        class: "button button-danger edge-remove",
        onclick: () => this.actions.delete(),
      },
      iconElement(sprite, "trash"),
      t("remove_connection"),
    );
    return [
      element("header", { class: "drawer-head" }, tile, title),
      element(
        "div",
        { class: "drawer-body" },
        element(
          "div",
          { class: "form" },
          isLoop ? this.#rounds(edge) : null,
          way,
          element("div", { id: "edge-said" }),
          this.canvas.isReadOnly ? null : remove,
        ),
      ),
    ];
  }

  /** @param {import("builder/graph").FlowEdge} edge */
  #rounds(edge) {
    const { t } = this.canvas.parts;
    const input = /** @type {HTMLInputElement} */ (
      element("input", {
        class: "input",
        id: "edge-rounds",
        type: "number",
        min: 1,
        max: MOST_ROUNDS,
        value: edge.max_rounds ?? "",
        disabled: this.canvas.isReadOnly,
        "aria-describedby": "edge-rounds-hint",
      })
    );
    const { store } = this.canvas;
    input.addEventListener("input", () => {
      if (!input.checkValidity() || !input.value) return;
      const after = setRounds(store.get().draft, edge.id, Number(input.value));
      store.edit(after, { key: `rounds:${edge.id}` });
    });
    input.addEventListener("blur", () => {
      store.endGesture();
      const { draft } = store.get();
      const now = draft.flow.edges.find((each) => each.id === edge.id);
      input.value = String(now?.max_rounds ?? "");
    });
    const label = element("label", { for: "edge-rounds" }, t("rounds"));
    return element(
      "div",
      { class: "field" },
      element("div", { class: "field-head" }, label),
      input,
      element("p", { class: "field-hint", id: "edge-rounds-hint" }, t("rounds_hint")),
    );
  }

  /** @param {import("builder/store").Problem[]} problems */
  #say(problems) {
    const { sprite } = this.canvas.parts;
    const rows = problems.map(({ message }) =>
      element(
        "p",
        { class: "field-error" },
        iconElement(sprite, "alert-triangle"),
        element("span", {}, message),
      ),
    );
    this.root.querySelector("#edge-said")?.replaceChildren(...rows);
  }
}
