// @ts-check
/**
 * The form beside the canvas, drawn by the server for the selected node or the flow. What
 * is typed is posted with the draft; the answer holds the form with its errors and, in
 * `data-result`, what the draft takes in. After each drawing comes `inspector:drawn`.
 *
 * @example
 * <div id="inspector-form" data-url="…"><form data-inspector data-result='{"id": …}'>…</form></div>
 */

import htmx from "htmx";

import { csrfToken } from "baton/csrf";
import { reportFailure, reportNoAnswer } from "baton/failures";
import { replaceNode, setFlow } from "builder/graph";

const TYPING_MS = 500;

export class Inspector {
  #node = "";
  #timer = 0;
  /** @type {Set<Promise<void>>} edits on their way */
  #edits = new Set();
  /** @type {Map<string, AbortController>} what is on its way, by node */
  #requests = new Map();
  #posted = "";
  /** @type {import("builder/graph").Draft | null} the draft that the form shows */
  #shown = null;
  /** @type {Map<string, FormData>} forms that cannot stand in a draft yet, by node */
  #held = new Map();
  /** @type {Set<string>} ids of sections that the person has opened */
  #unfolded = new Set();

  /** @param {HTMLElement} root @param {import("builder/index").FlowEditor} canvas @param {string} url */
  constructor(root, canvas, url) {
    this.root = root;
    this.canvas = canvas;
    this.url = url;
    canvas.addEventListener("flow:select", (event) => {
      this.#commitTyping();
      const { node, edge } = /** @type {CustomEvent} */ (event).detail;
      root.hidden = edge !== "";
      this.open(node);
    });
    canvas.store.subscribe(this.#follow);
    root.addEventListener("input", this.#onInput);
    root.addEventListener("change", () => this.#post());
    root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#post(/** @type {SubmitEvent} */ (event).submitter);
    });
    root.addEventListener("focusout", () => canvas.store.endGesture());
    this.open("");
  }

  /** The id of the node whose form it is; empty for the flow's. */
  get node() {
    return this.#node;
  }

  /** @param {string} node an id, or nothing for the flow itself */
  open(node) {
    this.#node = node;
    this.#posted = "";
    const held = this.#held.get(node);
    return this.#fetch(held ?? new FormData(), "innerHTML", held !== undefined);
  }

  focus() {
    const field = this.root.querySelector("input:not([type=hidden]), select, textarea");
    if (field instanceof HTMLElement) field.focus();
  }

  /** The draft has changed by another hand, such as undo. */
  #follow = () => {
    const { draft } = this.canvas.store.get();
    if (draft === this.#shown || this.#requests.has(this.#node)) return;
    const before = this.#shown;
    this.#shown = draft;
    const isSame = (/** @type {any} */ one, /** @type {any} */ other) =>
      this.#node
        ? partOf(one, this.#node) === partOf(other, this.#node)
        : one.name === other.name &&
          one.input_schema === other.input_schema &&
          one.settings === other.settings;
    if (before && isSame(before.flow, draft.flow)) return;
    if (this.#node && !partOf(draft.flow, this.#node)) return;
    this.#posted = "";
    this.#fetch(new FormData(), "innerMorph", false);
  };

  #onInput = () => {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#post(), TYPING_MS);
  };

  /** What is typed and not posted yet must not be lost when another node is selected. */
  #commitTyping() {
    if (this.#timer) this.#post();
  }

  /** @param {HTMLElement | null} [submitter] */
  #post(submitter) {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const form = this.root.querySelector("form[data-inspector]");
    if (!(form instanceof HTMLFormElement) || this.canvas.isReadOnly) return;
    const body = new FormData(form);
    if (submitter instanceof HTMLButtonElement && submitter.name)
      body.append(submitter.name, submitter.value);
    const posted = new URLSearchParams(/** @type {any} */ (body)).toString();
    if (posted === this.#posted) return;
    this.#posted = posted;
    const edit = this.#fetch(body, "innerMorph", true);
    this.#edits.add(edit);
    edit.finally(() => this.#edits.delete(edit));
  }

  /** Wait until what was typed is in the draft. */
  async settle() {
    this.#commitTyping();
    while (this.#edits.size) await Promise.all(this.#edits);
  }

  /** @param {FormData} form @param {string} swap @param {boolean} isEdit */
  async #fetch(form, swap, isEdit) {
    const node = this.#node;
    const { draft } = this.canvas.store.get();
    const body = new FormData();
    for (const [name, value] of form) body.append(name, value);
    body.set("document", JSON.stringify(draft.flow));
    body.set("node", node);
    if (isEdit) body.set("edited", "1");
    this.#requests.get(node)?.abort();
    const request = new AbortController();
    this.#requests.set(node, request);
    const text = await this.#ask(body, request.signal);
    if (this.#requests.get(node) === request) this.#requests.delete(node);
    if (text === null) return;
    // A form for a node that is selected no more still brings its result home.
    if (node === this.#node) await this.#swap(text, swap);
    if (isEdit) this.#take(node, form, text);
    this.#shown = this.canvas.store.get().draft;
  }

  /** Show what came; sections that were unfolded stay so.
   * @param {string} text @param {string} swap */
  async #swap(text, swap) {
    for (const { id, open } of this.root.querySelectorAll("details"))
      open ? this.#unfolded.add(id) : this.#unfolded.delete(id);
    await htmx.swap({ text, target: this.root, swap, sourceElement: this.root });
    for (const section of this.root.querySelectorAll("details"))
      if (this.#unfolded.has(section.id)) section.open = true;
    this.root.dispatchEvent(new Event("inspector:drawn"));
  }

  /** @param {FormData} body @param {AbortSignal} signal @returns {Promise<string | null>} */
  async #ask(body, signal) {
    const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
    try {
      const response = await fetch(this.url, { method: "POST", headers, body, signal });
      // Who is not logged in any more is led to a page that is no form of ours.
      if (response.ok && !response.redirected) return await response.text();
      if (response.status !== 404) await reportFailure(response);
    } catch {
      if (!signal.aborted) reportNoAnswer();
    }
    return null;
  }

  /** @param {string} node @param {FormData} form @param {string} text */
  #take(node, form, text) {
    const answer = new DOMParser().parseFromString(text, "text/html");
    const result = answer.querySelector("[data-result]")?.getAttribute("data-result");
    if (!result) {
      this.#held.set(node, form);
      return;
    }
    this.#held.delete(node);
    const { store } = this.canvas;
    const { draft } = store.get();
    const value = JSON.parse(result);
    const after = node ? replaceNode(draft, value) : setFlow(draft, value);
    if (JSON.stringify(after) === JSON.stringify(draft)) return;
    this.#shown = after;
    store.edit(after, { key: `form:${node}` });
  }
}

/** @param {import("builder/graph").Flow} flow @param {string} id */
const partOf = (flow, id) => {
  const node = flow.nodes.find((each) => each.id === id);
  if (!node) return undefined;
  const { label, config, timeout_s, queue, retry, on_error } = node;
  return JSON.stringify([label, config, timeout_s, queue, retry, on_error]);
};
