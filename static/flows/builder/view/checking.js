// @ts-check
/** Asks for the draft's problems a moment after it has changed. */

import { call } from "builder/api";

const PAUSE_MS = 400;

/** @param {import("builder/store").Store} store @param {string} url */
export function checkWhileEditing(store, url) {
  let timer = 0;
  /** @type {object | null} */
  let checked = null;

  const check = async () => {
    const { flow } = store.get().draft;
    checked = flow;
    const answer = await call("POST", url, { document: flow }).catch(() => null);
    if (answer && store.get().draft.flow === flow) store.setProblems(answer.problems);
  };
  store.subscribe(() => {
    if (store.get().draft.flow === checked) return;
    checked = store.get().draft.flow;
    clearTimeout(timer);
    timer = window.setTimeout(check, PAUSE_MS);
  });
  check();
  return check;
}
