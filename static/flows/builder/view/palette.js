// @ts-check
/**
 * Node types to add: by click, by Enter, or dragged onto the canvas. The search leaves
 * what fits and Enter in it adds the first.
 *
 * @example
 * <aside id="palette"><input type="search">
 *   <section><button draggable="true" data-node-type="model" data-words="Model calls…">
 */

const MIME = "application/x-baton-node";

export class Palette {
  /**
   * @param {HTMLElement} root @param {import("builder/index").FlowEditor} canvas
   * @param {(type: string, point?: {x: number, y: number}) => void} add
   */
  constructor(root, canvas, add) {
    this.root = root;
    this.search = /** @type {HTMLInputElement} */ (root.querySelector("input"));
    this.empty = /** @type {HTMLElement} */ (root.querySelector("[data-no-match]"));
    this.items = /** @type {HTMLElement[]} */ ([
      ...root.querySelectorAll("[data-node-type]"),
    ]);
    this.search.addEventListener("input", this.#filter);
    root.addEventListener("keydown", this.#onKey);
    for (const item of this.items) this.#attach(item, add);
    root.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !root.contains(relatedTarget)) this.close();
    });
    canvas.addEventListener("pointerdown", () => this.close());
    canvas.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes(MIME)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
    });
    canvas.addEventListener("drop", (event) => {
      const type = event.dataTransfer?.getData(MIME);
      if (!type) return;
      event.preventDefault();
      add(type, { x: event.clientX, y: event.clientY });
    });
  }

  open() {
    this.root.dataset.open = "";
    this.search.value = "";
    this.#filter();
    this.search.focus();
  }

  close() {
    delete this.root.dataset.open;
  }

  /** @param {HTMLElement} item @param {(type: string) => void} add */
  #attach(item, add) {
    const type = item.dataset.nodeType ?? "";
    item.addEventListener("click", () => {
      this.close();
      add(type);
    });
    item.addEventListener("dragstart", (event) => {
      event.dataTransfer?.setData(MIME, type);
      if (event.dataTransfer) event.dataTransfer.effectAllowed = "copy";
    });
  }

  get #fitting() {
    return this.items.filter((item) => !item.hidden);
  }

  #filter = () => {
    const words = this.search.value.trim().toLowerCase();
    for (const item of this.items)
      item.hidden = !(item.dataset.words ?? "").toLowerCase().includes(words);
    for (const group of this.root.querySelectorAll("section"))
      group.hidden = !group.querySelector("[data-node-type]:not([hidden])");
    this.empty.hidden = this.#fitting.length > 0;
  };

  /** @param {KeyboardEvent} event */
  #onKey = (event) => {
    const items = this.#fitting;
    const at = items.indexOf(/** @type {any} */ (document.activeElement));
    if (event.key === "ArrowDown") items[Math.min(at + 1, items.length - 1)]?.focus();
    else if (event.key === "ArrowUp") (items[at - 1] ?? this.search).focus();
    else if (event.key === "Enter" && at < 0) items[0]?.click();
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  };
}
