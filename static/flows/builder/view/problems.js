// @ts-check
/**
 * The list under the canvas. Its head opens and closes it; a row selects its node or edge.
 *
 * @example
 * <section id="problems"><button aria-expanded="false" aria-controls="problem-list">
 *   <span data-counts></span></button><ul id="problem-list" hidden></ul></section>
 */

import { labelOf } from "builder/graph";
import { element } from "builder/view/element";
import { iconElement } from "builder/view/icon";

const ICONS = { error: "circle-x", warning: "alert-triangle" };
const TONES = { error: "failed", warning: "waiting" };

export class ProblemPanel {
  /** @type {import("builder/store").Problem[] | null} */
  #shown = null;

  /** @param {HTMLElement} root @param {import("builder/index").FlowEditor} canvas */
  constructor(root, canvas) {
    this.canvas = canvas;
    this.head = /** @type {HTMLElement} */ (root.querySelector("[aria-expanded]"));
    this.counts = /** @type {HTMLElement} */ (root.querySelector("[data-counts]"));
    this.list = /** @type {HTMLElement} */ (root.querySelector("ul"));
    this.head.addEventListener("click", () => this.toggle(this.list.hidden));
    canvas.store.subscribe(this.#draw);
    this.#draw();
  }

  /** @param {boolean} isOpen */
  toggle(isOpen) {
    this.list.hidden = !isOpen;
    this.head.setAttribute("aria-expanded", String(isOpen));
  }

  #draw = () => {
    const { problems } = this.canvas.store.get();
    if (problems === this.#shown) return;
    this.#shown = problems;
    this.counts.replaceChildren(...this.#counted(problems));
    this.list.replaceChildren(...problems.map((problem) => this.#row(problem)));
  };

  /** @param {import("builder/store").Problem[]} problems */
  #counted(problems) {
    const { t, sprite } = this.canvas.parts;
    if (!problems.length) return [t("no_problems")];
    return /** @type {const} */ (["error", "warning"]).flatMap((severity) => {
      const n = problems.filter((problem) => problem.severity === severity).length;
      if (!n) return [];
      const words = t(`${severity}s_${n === 1 ? "one" : "many"}`, { n });
      const mark = iconElement(sprite, ICONS[severity], "icon-small");
      return [
        element("span", { class: `status tone-${TONES[severity]}` }, mark, words),
      ];
    });
  }

  /** @param {import("builder/store").Problem} problem */
  #row(problem) {
    const { t, sprite, types } = this.canvas.parts;
    const { draft } = this.canvas.store.get();
    const edge = draft.flow.edges.find((each) => each.id === problem.edge_id);
    const node = problem.node_id ?? "";
    const named = (/** @type {string} */ id) => labelOf(draft, types, id);
    const place = edge
      ? t("between", { source: named(edge.source), target: named(edge.target) })
      : node
        ? named(node)
        : t("flow");
    const look = `icon-small tone-${TONES[problem.severity]}`;
    return element(
      "li",
      {},
      element(
        "button",
        { type: "button", class: "problem", onclick: () => this.#show(node, edge?.id) },
        iconElement(sprite, ICONS[problem.severity], look),
        element("span", { class: "visually-hidden" }, t(`${problem.severity}_word`)),
        element("b", {}, place),
        element("span", { class: "cut", title: problem.message }, problem.message),
        element("code", {}, problem.code),
      ),
    );
  }

  /** @param {string} node @param {string} [edge] */
  #show(node, edge) {
    if (edge) return this.canvas.selectEdge(edge);
    this.canvas.select(node);
    if (node) this.canvas.focusNode(node);
  }
}
