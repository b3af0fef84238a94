// @ts-check
/**
 * Starts runs and shows the one under way: a dialog with the form that the server makes of
 * the input schema, then a strip over the canvas while the states light up.
 *
 * @example
 * <dialog id="run-dialog"><div id="run-form"></div></dialog>
 * <div id="run-strip" hidden><span data-state></span><span data-figures></span>
 *   <a data-open></a><button data-stop></button><button data-close></button></div>
 */

import htmx from "htmx";

import { call } from "builder/api";
import { iconElement } from "builder/view/icon";

export class Running {
  #run = "";

  /**
   * @param {import("builder/index").FlowEditor} canvas
   * @param {{run: string, runs: string, runPage: string}} urls
   * @param {() => Promise<boolean>} save
   * @param {(words: string) => void} say
   */
  constructor(canvas, urls, save, say) {
    this.canvas = canvas;
    this.urls = urls;
    this.save = save;
    this.say = say;
    this.dialog = /** @type {HTMLDialogElement} */ (
      document.getElementById("run-dialog")
    );
    this.strip = /** @type {HTMLElement} */ (document.getElementById("run-strip"));
    document.addEventListener("flow:run-started", (event) => {
      this.dialog.close();
      this.watch(/** @type {CustomEvent} */ (event).detail.id);
    });
    canvas.addEventListener("flow:run", (event) =>
      this.#draw(/** @type {CustomEvent} */ (event).detail.run),
    );
    this.strip
      .querySelector("[data-stop]")
      ?.addEventListener("click", () => this.#stop());
    this.strip
      .querySelector("[data-close]")
      ?.addEventListener("click", () => this.watch(""));
  }

  /** Ask for the input. @param {"draft" | "published"} of */
  async open(of) {
    if (!(await this.save())) return;
    await htmx.ajax("GET", `${this.urls.run}?of=${of}`, {
      target: "#run-form",
      swap: "innerHTML",
    });
    if (!this.dialog.open) this.dialog.showModal();
    const field = this.dialog.querySelector("[id^=field]");
    if (field instanceof HTMLElement) field.focus();
  }

  /** @param {string} id of a run, or nothing */
  watch(id) {
    this.#run = id;
    this.strip.hidden = !id;
    if (id) {
      const link = this.strip.querySelector("a");
      link?.setAttribute("href", `${this.urls.runPage}${id}/`);
      this.canvas.dataset.liveTopic = `run:${id}`;
      this.canvas.setAttribute("run-url", `${this.urls.runPage}${id}/states/`);
    } else {
      delete this.canvas.dataset.liveTopic;
      this.canvas.removeAttribute("run-url");
    }
  }

  /** @param {import("builder/states").RunStates} run */
  #draw({ tone, icon, word, figures, is_over: isOver }) {
    const { t, sprite } = this.canvas.parts;
    const state = /** @type {HTMLElement} */ (this.strip.querySelector("[data-state]"));
    const before = state.textContent;
    state.className = `status status-${tone}`;
    state.replaceChildren(iconElement(sprite, icon, "icon-small"), word);
    if (before !== word) this.say(t("run_said", { state: word }));
    const place = /** @type {HTMLElement} */ (
      this.strip.querySelector("[data-figures]")
    );
    place.textContent = figures.join("  ");
    const stop = this.strip.querySelector("[data-stop]");
    if (stop instanceof HTMLElement) stop.hidden = isOver;
  }

  async #stop() {
    await call("POST", `${this.urls.runs}/${this.#run}/cancel`).catch(() => null);
    this.canvas.readRun();
  }
}
