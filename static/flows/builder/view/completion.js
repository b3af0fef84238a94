// @ts-check
/**
 * Names and functions under an expression while it is typed. Up and down choose, Enter or
 * Tab takes, Escape closes; Ctrl Space or Alt and down asks for them. The focus stays in
 * the field, which names the chosen option in aria-activedescendant.
 *
 * @example
 * <textarea data-reads="cel" role="combobox" aria-expanded="false" aria-autocomplete="list"
 *           aria-haspopup="listbox" aria-controls="completion-list"></textarea>
 * <div id="completion" popover="manual"><ul id="completion-list" role="listbox"></ul>
 *   <p id="completion-help"></p></div>
 */

import { optionsFor, placeAt } from "builder/completing";
import { element } from "builder/view/element";

const MARGIN = 8;
const GAP = 4;

export class Completion {
  /** @type {HTMLTextAreaElement | null} the field that the list belongs to */
  #field = null;
  /** @type {import("builder/completing").Place | null} */
  #place = null;
  /** @type {import("builder/completing").Option[]} */
  #options = [];
  #chosen = 0;
  #isTaking = false;
  /** @type {Promise<import("builder/completing").Known | null>} of the focused field */
  #known = Promise.resolve(null);

  /**
   * @param {HTMLElement} popup @param {HTMLElement} root where the fields come and go
   * @param {import("builder/view/names").Names} names
   * @param {(key: string) => string} t
   */
  constructor(popup, root, names, t) {
    this.popup = popup;
    this.names = names;
    this.t = t;
    this.list = /** @type {HTMLElement} */ (popup.querySelector("[role=listbox]"));
    this.help = /** @type {HTMLElement} */ (popup.querySelector("p"));
    root.addEventListener("focusin", ({ target }) => {
      if (isExpression(target)) this.#known = names.at(target.dataset.reads ?? "");
    });
    root.addEventListener("focusout", this.close);
    root.addEventListener("pointerdown", this.close);
    root.addEventListener("input", ({ target }) => {
      if (isExpression(target) && !this.#isTaking) this.#open(target, false);
    });
    root.addEventListener("keydown", this.#onKey);
    root.addEventListener("inspector:drawn", this.#onDrawn);
    // The focus stays in the field.
    popup.addEventListener("mousedown", (event) => event.preventDefault());
    addEventListener("resize", this.#put);
    addEventListener("scroll", this.#put, true);
  }

  get isOpen() {
    return this.#field !== null;
  }

  close = () => {
    if (!this.#field) return;
    this.#field.setAttribute("aria-expanded", "false");
    this.#field.removeAttribute("aria-activedescendant");
    this.#field = null;
    this.popup.hidePopover();
  };

  /** @param {HTMLTextAreaElement} field @param {boolean} isAsked or only typed on */
  async #open(field, isAsked) {
    const known = await this.#known;
    const { value, selectionStart, selectionEnd, dataset } = field;
    const place =
      selectionStart === selectionEnd
        ? placeAt(value, selectionStart, dataset.reads === "text")
        : null;
    const options =
      known && place && (isAsked || place.typed)
        ? optionsFor(place, known, value.slice(place.to))
        : [];
    if (!options.length || document.activeElement !== field) return this.close();
    this.#field = field;
    this.#place = place;
    this.#options = options;
    this.list.replaceChildren(...options.map(this.#item));
    if (!this.popup.matches(":popover-open")) this.popup.showPopover();
    this.#choose(0);
    this.#put();
  }

  /** @param {import("builder/completing").Option} option @param {number} index */
  #item = (option, index) =>
    element(
      "li",
      {
        class: "completion-item",
        id: `completion-${index}`,
        role: "option",
        onclick: () => this.#take(index),
      },
      element("code", { class: `cut code-${option.kind}` }, option.label),
      option.type ? element("span", {}, option.type) : null,
    );

  /** @param {number} index */
  #choose(index) {
    const count = this.#options.length;
    this.#chosen = (index + count) % count;
    for (const [at, item] of [...this.list.children].entries())
      item.setAttribute("aria-selected", String(at === this.#chosen));
    const { help, asksFirst } = this.#options[this.#chosen];
    const words = [help, asksFirst ? this.t("asks_first") : ""];
    this.help.textContent = words.filter(Boolean).join(" ");
    this.list.children[this.#chosen].scrollIntoView({ block: "nearest" });
    this.#mark();
  }

  #mark() {
    this.#field?.setAttribute("aria-expanded", "true");
    this.#field?.setAttribute("aria-activedescendant", `completion-${this.#chosen}`);
    for (const item of this.list.children) item.removeAttribute("aria-describedby");
    this.list.children[this.#chosen].setAttribute("aria-describedby", this.help.id);
  }

  /** Write an option as if it were typed, so that the field's own undo knows it.
   * @param {number} index */
  #take(index) {
    const [field, place] = [this.#field, this.#place];
    const { text, back } = this.#options[index];
    this.close();
    if (!field || !place) return;
    this.#isTaking = true;
    field.setSelectionRange(place.from, place.to);
    document.execCommand("insertText", false, text);
    const caret = place.from + text.length - back;
    field.setSelectionRange(caret, caret);
    this.#isTaking = false;
  }

  /** @param {KeyboardEvent} event */
  #onKey = (event) => {
    if (event.isComposing || !isExpression(event.target)) return;
    const act = this.isOpen ? this.#act(event) : null;
    const asks =
      (event.key === " " && event.ctrlKey) ||
      (event.key === "ArrowDown" && event.altKey && !this.isOpen);
    if (act) act();
    else if (asks) this.#open(event.target, true);
    else {
      if (MOVES.has(event.key)) this.close();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  /** What a key does while the list is open.
   * @param {KeyboardEvent} event @returns {(() => void) | undefined} */
  #act({ key, ctrlKey, metaKey, altKey, shiftKey }) {
    if (ctrlKey || metaKey || altKey || shiftKey) return undefined;
    /** @type {Record<string, () => void>} */
    const acts = {
      ArrowDown: () => this.#choose(this.#chosen + 1),
      ArrowUp: () => this.#choose(this.#chosen - 1),
      Enter: () => this.#take(this.#chosen),
      Tab: () => this.#take(this.#chosen),
      Escape: this.close,
    };
    return acts[key];
  }

  /** The server has drawn the form again, perhaps without the field. */
  #onDrawn = () => {
    if (!this.#field) return;
    if (document.activeElement === this.#field) this.#mark();
    else this.close();
  };

  /** Under the field, or above it where there is more room. */
  #put = () => {
    if (!this.#field) return;
    const field = (this.#field.closest(".expression") ?? this.#field).getBoundingClientRect();
    const { style, offsetWidth, offsetHeight } = this.popup;
    style.setProperty("min-width", `${field.width}px`);
    const below = innerHeight - MARGIN - field.bottom - GAP;
    const isBelow = offsetHeight <= below || below >= field.top;
    const top = isBelow ? field.bottom + GAP : field.top - GAP - offsetHeight;
    const left = Math.min(field.left, innerWidth - offsetWidth - MARGIN);
    style.setProperty("top", `${Math.max(MARGIN, top)}px`);
    style.setProperty("left", `${Math.max(MARGIN, left)}px`);
  };
}

// They move the cursor away from what is completed.
const MOVES = new Set(["ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown", "Tab"]);

/** @param {EventTarget | null} target @returns {target is HTMLTextAreaElement} */
const isExpression = (target) =>
  target instanceof HTMLTextAreaElement && target.dataset.reads !== undefined;
