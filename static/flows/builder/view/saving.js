// @ts-check
/**
 * Saves the draft by itself, and says how that stands. Until the server has it, the draft
 * is kept in this browser.
 */

import { reportFailure } from "baton/failures";
import { ApiError, call } from "builder/api";
import { find, forget, keep } from "builder/kept";

const PAUSE_MS = 700;
const FIRST_RETRY_MS = 2000;
const LONGEST_RETRY_MS = 30_000;

/**
 * @typedef {"saved" | "saving" | "unsaved" | "failed" | "conflict"} Standing
 * @typedef {{draft: string, flows: string, list: string}} Urls
 */

export class Saver {
  /** @type {import("builder/graph").Draft} what the server has */
  #saved;
  /** @type {Promise<boolean> | null} */
  #running = null;
  #timer = 0;
  #retryMs = FIRST_RETRY_MS;

  /**
   * @param {{store: import("builder/store").Store, t: import("builder/words").Say}} editor
   * @param {{revision: number, key: string, urls: Urls}} data
   * @param {(standing: Standing, words: string) => void} tell
   */
  constructor({ store, t }, data, tell) {
    this.store = store;
    this.t = t;
    this.data = data;
    this.revision = data.revision;
    this.tell = tell;
    this.#saved = store.get().draft;
    tell("saved", t("saved"));
    store.subscribe(this.#follow);
    window.addEventListener("online", () => this.flush());
  }

  get isDirty() {
    return this.store.get().draft !== this.#saved;
  }

  /** Bring back what an earlier visit could not save. Tells whether there was something. */
  restore() {
    const kept = find(this.data.key);
    if (!kept) return false;
    this.revision = kept.revision;
    this.store.edit(kept.draft);
    return true;
  }

  /** Save now. @returns {Promise<boolean>} whether the server has the draft */
  flush() {
    clearTimeout(this.#timer);
    this.#running ??= this.#save().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Give up this draft for the one on the server. */
  takeTheirs() {
    this.#saved = this.store.get().draft;
    forget(this.data.key);
    location.reload();
  }

  /** Save this draft as a flow of its own, and go there. */
  async saveAsCopy() {
    const { flow } = this.store.get().draft;
    const slug = this.data.urls.draft.split("/").pop() ?? "flow";
    const name = this.t("copy_name", { name: flow.name }).slice(0, 200);
    for (let number = 1; ; number += 1) {
      const copy = `${slug.slice(0, 50)}-copy${number > 1 ? `-${number}` : ""}`;
      try {
        await call("POST", this.data.urls.flows, {
          slug: copy,
          document: { ...flow, name },
        });
        forget(this.data.key);
        location.assign(`${this.data.urls.list}${copy}/`);
        return;
      } catch (error) {
        if (error instanceof ApiError && error.code === "flow_exists") continue;
        this.#fail(error);
        return;
      }
    }
  }

  #follow = () => {
    const { draft } = this.store.get();
    if (draft === this.#last) return;
    this.#last = draft;
    if (!this.isDirty) return;
    keep(this.data.key, { revision: this.revision, draft });
    if (!this.#running) this.tell("unsaved", this.t("unsaved"));
    this.#later(PAUSE_MS);
  };

  /** @type {import("builder/graph").Draft | null} */
  #last = null;

  /** @param {number} pauseMs */
  #later(pauseMs) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.flush(), pauseMs);
  }

  async #save() {
    while (this.isDirty) {
      const { draft } = this.store.get();
      this.tell("saving", this.t("saving"));
      try {
        const body = { document: draft.flow, revision: this.revision };
        const answer = await call("PUT", this.data.urls.draft, body);
        this.revision = answer.draft_revision;
      } catch (error) {
        this.#fail(error);
        return false;
      }
      this.#saved = draft;
    }
    this.#retryMs = FIRST_RETRY_MS;
    forget(this.data.key);
    const time = new Date().toLocaleTimeString([], { hourCycle: "h23" });
    this.tell("saved", this.t("saved_at", { time }));
    return true;
  }

  /** @param {unknown} error */
  #fail(error) {
    if (!(error instanceof ApiError)) {
      this.tell("failed", this.t(navigator.onLine ? "unexpected" : "offline"));
      this.#retry();
    } else if (error.code === "draft_changed") {
      this.tell("conflict", this.t("not_saved", { reason: error.message }));
    } else if (error.isSignedOut) {
      this.tell("failed", this.t("signed_out"));
      reportFailure(new Response(null, { status: 401 }));
      this.#retry();
    } else if (error.status >= 500) {
      this.tell("failed", this.t("unexpected"));
      this.#retry();
    } else {
      this.tell("failed", this.t("not_saved", { reason: error.message }));
    }
  }

  #retry() {
    this.#later(this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }
}
