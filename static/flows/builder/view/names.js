// @ts-check
/** What an expression may name at a place of the draft, asked of the server. */

import { csrfToken } from "baton/csrf";

export class Names {
  /** @type {{draft: object, place: string, answer: Promise<any>} | null} */
  #last = null;

  /**
   * @param {import("builder/index").FlowEditor} canvas
   * @param {import("builder/view/inspector").Inspector} inspector @param {string} url
   */
  constructor(canvas, inspector, url) {
    this.canvas = canvas;
    this.inspector = inspector;
    this.url = url;
  }

  /**
   * For the selected node or the flow, with what was typed into other fields before.
   *
   * @param {string} reads as in the attribute data-reads
   * @returns {Promise<import("builder/completing").Known | null>} null if there is no answer
   */
  async at(reads) {
    await this.inspector.settle();
    const { draft } = this.canvas.store.get();
    const { node } = this.inspector;
    const place = `${node}/${reads}`;
    if (this.#last?.draft !== draft || this.#last.place !== place)
      this.#last = { draft, place, answer: this.#ask(draft.flow, node, reads) };
    return this.#last.answer;
  }

  /** @param {object} flow @param {string} node @param {string} reads */
  async #ask(flow, node, reads) {
    const body = new FormData();
    body.set("document", JSON.stringify(flow));
    body.set("node", node);
    body.set("reads", reads);
    const headers = { "X-CSRFToken": csrfToken() };
    try {
      const response = await fetch(this.url, { method: "POST", headers, body });
      if (response.ok && !response.redirected) return await response.json();
    } catch {
      // Without the list an expression can be typed all the same.
    }
    this.#last = null;
    return null;
  }
}
