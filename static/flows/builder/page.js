// @ts-check
/** The builder's page: brings the canvas together with what stands around it. */

import "builder/index";

import { findHistory, keepHistory } from "builder/kept";
import { labelOf } from "builder/graph";
import { selectionOf } from "builder/store";
import { Actions } from "builder/view/actions";
import { checkWhileEditing } from "builder/view/checking";
import { Completion } from "builder/view/completion";
import { Connections } from "builder/view/connections";
import { EdgeForm } from "builder/view/edge_form";
import { Inspector } from "builder/view/inspector";
import { bindKeys } from "builder/view/keys";
import { Names } from "builder/view/names";
import { Palette } from "builder/view/palette";
import { ProblemPanel } from "builder/view/problems";
import { bindPublishing } from "builder/view/publishing";
import { Running } from "builder/view/running";
import { Saver } from "builder/view/saving";
import { bindSpots } from "builder/view/spots";

/** @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id);

const canvas = /** @type {import("builder/index").FlowEditor} */ (
  document.querySelector("flow-editor")
);
const { data } = canvas;
const { urls } = data;
const { store, parts } = canvas;
const canEdit = !canvas.hasAttribute("readonly");
const said = byId("builder-said");

/** @param {string} words */
const say = (words) => {
  said.textContent = words;
};

const inspector = new Inspector(byId("inspector-form"), canvas, urls.inspector);
const names = new Names(canvas, inspector, urls.names);
new Completion(byId("completion"), byId("inspector-form"), names, parts.t);
bindSpots(byId("inspector-form"));
const actions = new Actions(canvas, say, () => inspector.settle());
const saver = canEdit ? new Saver(parts, data, showStanding) : null;
const panel = new ProblemPanel(byId("problems"), canvas);
const state = byId("flow-state");
let published = store.get().draft;
/** Everything typed is in the draft, and the server has it. */
const save = async () => {
  await inspector.settle();
  return saver ? saver.flush() : true;
};
new Connections(byId("connections"), canvas, actions);
new EdgeForm(byId("edge-form"), canvas, actions);
const palette = new Palette(byId("palette"), canvas, (type, point) =>
  actions.add(type, point),
);
const running = new Running(canvas, urls, save, say);
checkWhileEditing(store, urls.validate);
bindKeys(canvas, actions, {
  palette,
  inspector,
  run: () => byId("run-draft")?.click(),
});
bindPublishing(canvas, byId("publish"), {
  url: urls.publish,
  save,
  panel,
  onPublished: (number) => {
    published = store.get().draft;
    state.dataset.number = String(number);
    state.textContent = parts.t("version", { number });
    byId("run-published")?.removeAttribute("hidden");
  },
});
const earlier = canEdit ? findHistory(data.key, store.get().draft) : null;
if (earlier) store.goOn(earlier);
if (saver?.restore()) say(parts.t("kept_back"));
window.addEventListener("pagehide", () => keepHistory(data.key, store.history));

/** @param {import("builder/view/saving").Standing} standing @param {string} words */
function showStanding(standing, words) {
  const place = byId("standing");
  place.dataset.standing = standing;
  place.querySelector("[data-words]").textContent = words;
  place.title = words;
  const dialog = byId("draft-conflict");
  if (standing === "conflict" && !dialog.open) {
    byId("conflict-reason").textContent = words;
    dialog.showModal();
  }
}

byId("take-theirs")?.addEventListener("click", () => saver?.takeTheirs());
byId("take-copy")?.addEventListener("click", () => saver?.saveAsCopy());
byId("undo")?.addEventListener("click", () => actions.undo());
byId("redo")?.addEventListener("click", () => actions.redo());
byId("add-node")?.addEventListener("click", () => palette.open());
byId("run-draft")?.addEventListener("click", () => running.open("draft"));
byId("run-published")?.addEventListener("click", () => running.open("published"));

// A node or connection that the keyboard reaches is the selected one.
canvas.addEventListener("focusin", (event) => {
  const part =
    event.target instanceof Element ? event.target.closest("[data-id]") : null;
  const id = part?.matches(":focus-visible") ? part.getAttribute("data-id") : null;
  if (!id) return;
  const { nodes, edges } = store.get().selection;
  if (part?.matches(".react-flow__node") && !nodes.has(id))
    store.select(selectionOf([id]));
  if (part?.matches(".react-flow__edge") && !edges.has(id))
    store.select(selectionOf([], [id]));
});
canvas.addEventListener("flow:refused", (event) => {
  const { reason, wire } = /** @type {CustomEvent} */ (event).detail;
  const { draft } = store.get();
  const [source, target] = [wire.source, wire.target].map((id) =>
    labelOf(draft, parts.types, id),
  );
  const words = parts.t(reason, { source, target });
  say(words);
  const note = byId("refused");
  note.querySelector("p").textContent = words;
  note.hidden = false;
  setTimeout(() => (note.hidden = true), 5000);
});
canvas.addEventListener("flow:dropped", (event) => {
  const { wire, point } = /** @type {CustomEvent} */ (event).detail;
  // The end of this very press would close the menu again.
  if (!canvas.isReadOnly) setTimeout(() => actions.wireFrom(wire, point, point));
});
byId("inspector").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
  const { nodes, edges } = store.get().selection;
  const [id] = nodes;
  const edge = store.get().draft.flow.edges.find((each) => edges.has(each.id));
  if (event.key === "Escape" && (id || edge)) canvas.focusNode(id ?? edge?.source ?? "");
});

function drawState() {
  const { number } = state.dataset;
  if (number && store.get().draft !== published)
    state.textContent = parts.t("draft_after", { number });
}
store.subscribe(drawState);

function drawUndo() {
  const { canUndo, canRedo } = store.get();
  for (const [id, can] of /** @type {const} */ ([
    ["undo", canUndo],
    ["redo", canRedo],
  ]))
    byId(id)?.setAttribute("aria-disabled", String(!can));
}
store.subscribe(drawUndo);
drawUndo();
