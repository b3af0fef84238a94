// @ts-check
/** The state of one editor. Views read it whole and are told when it changes. */

import * as history from "builder/history";

/**
 * @typedef {import("builder/graph").Draft} Draft
 * @typedef {{code: string, message: string, node_id: string | null, edge_id: string | null,
 *   pointer: string, severity: "error" | "warning"}} Problem
 * @typedef {{nodes: Set<string>, edges: Set<string>}} Selection
 * @typedef {import("builder/states").RunStates} RunStates
 * @typedef {{draft: Draft, selection: Selection, problems: Problem[],
 *   run: RunStates | null, canUndo: boolean, canRedo: boolean}} State
 */

/** @param {Iterable<string>} [nodes] @param {Iterable<string>} [edges] @returns {Selection} */
export const selectionOf = (nodes = [], edges = []) => ({
  nodes: new Set(nodes),
  edges: new Set(edges),
});

export class Store {
  /** @type {Set<() => void>} */
  #listeners = new Set();
  /** @type {history.History<Draft>} */
  #history;
  /** @type {State} */
  #state;

  /** @param {Draft} draft */
  constructor(draft) {
    this.#history = history.begin(draft);
    this.#state = {
      draft,
      selection: selectionOf(),
      problems: [],
      run: null,
      canUndo: false,
      canRedo: false,
    };
  }

  get = () => this.#state;

  /** @param {() => void} listener @returns {() => void} stops it */
  subscribe = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Change the draft: one step to undo, or part of the step with the same `key`.
   *
   * @param {Draft} draft @param {{key?: string, select?: Selection}} [how]
   */
  edit(draft, { key, select } = {}) {
    this.#history = history.commit(this.#history, draft, key);
    this.#follow(select);
  }

  /** The next edit is a step of its own. */
  endGesture() {
    this.#history = history.close(this.#history);
  }

  /** What can be undone, to be kept over a reload. */
  get history() {
    return this.#history;
  }

  /** Go on with what an earlier page could undo, from the same draft.
   * @param {history.History<Draft>} earlier */
  goOn(earlier) {
    this.#history = { ...earlier, present: this.#history.present };
    this.#follow();
  }

  undo() {
    this.#history = history.undo(this.#history);
    this.#follow();
  }

  redo() {
    this.#history = history.redo(this.#history);
    this.#follow();
  }

  /** @param {Selection} selection */
  select(selection) {
    const { nodes, edges } = this.#state.selection;
    if (same(nodes, selection.nodes) && same(edges, selection.edges)) return;
    this.endGesture();
    this.#set({ selection });
  }

  /** @param {Problem[]} problems */
  setProblems(problems) {
    this.#set({ problems });
  }

  /** @param {RunStates | null} run */
  setRun(run) {
    this.#set({ run });
  }

  /** @param {Selection} [select] */
  #follow(select) {
    const draft = this.#history.present;
    const { nodes, edges } = select ?? this.#state.selection;
    const nodeIds = new Set(draft.flow.nodes.map((node) => node.id));
    const edgeIds = new Set(draft.flow.edges.map((edge) => edge.id));
    this.#set({
      draft,
      selection: selectionOf(
        [...nodes].filter((id) => nodeIds.has(id)),
        [...edges].filter((id) => edgeIds.has(id)),
      ),
      canUndo: this.#history.past.length > 0,
      canRedo: this.#history.future.length > 0,
    });
  }

  /** @param {Partial<State>} part */
  #set(part) {
    this.#state = { ...this.#state, ...part };
    for (const listener of [...this.#listeners]) listener();
  }
}

/** @param {Set<string>} a @param {Set<string>} b */
const same = (a, b) => a.size === b.size && [...a].every((id) => b.has(id));
