// @ts-check
/**
 * The page on which one approval is decided: keys, changes word by word, a draft that is
 * not lost, and what others do meanwhile. See templates/approvals/_review.html.
 */
import { compare } from "baton/approvals/words";
import { dropDraft, dropOldDrafts, keepDraft, readDraft } from "baton/approvals/drafts";
import { dwellMs } from "baton/approvals/dwell";
import {
  controlOf,
  draw,
  fieldsOf,
  proposedOf,
  setValue,
  showChanges,
  showView,
  readValue,
} from "baton/approvals/fields";
import { csrfToken } from "baton/csrf";
import { openDialog } from "baton/dialog";
import { onKeys } from "baton/keys";
import "baton/approvals/reject";

const RENEW_MS = 4 * 60 * 1000;
const LOOK_AGAIN_MS = 60_000;

const find = (/** @type {string} */ selector) => {
  const found = document.querySelector(selector);
  return found instanceof HTMLElement ? found : null;
};
const form = () => /** @type {HTMLFormElement | null} */ (find("form#decision"));
const draftKey = () => find("[data-draft]")?.dataset.draft ?? "";
const isOpen = () => find("#review-status")?.dataset.open === "true";

/** Brings counts, labels and comparisons up to date with what is typed. */
function update() {
  const decision = form();
  if (!decision) return;
  const changes = fieldsOf(decision).map(showChanges);
  const count = changes.reduce((sum, some) => sum + some, 0);
  const approve = find("#approve");
  const label = approve?.querySelector("[data-label]");
  if (approve && label instanceof HTMLElement) {
    label.dataset.none ??= label.textContent ?? "";
    const many = approve.dataset.many?.replace("%s", String(count));
    const changed = count === 1 ? approve.dataset.one : many;
    label.textContent = (count ? changed : label.dataset.none) ?? "";
  }
  close(decision, count > 0);
}

/**
 * Once somebody else has decided, the text is only there to be copied.
 * @param {HTMLFormElement} decision
 * @param {boolean} isChanged
 */
function close(decision, isChanged) {
  if (isOpen()) return;
  for (const field of fieldsOf(decision)) {
    const control = controlOf(field);
    if (control instanceof HTMLSelectElement || control.type === "checkbox") {
      control.disabled = true;
    } else {
      control.readOnly = true;
    }
  }
  const [copy, late] = [find("[data-copy-all]"), find(".review-late")];
  if (copy) copy.hidden = !isChanged;
  if (late) late.hidden = !isChanged;
  for (const open of document.querySelectorAll("dialog#reject-dialog[open]")) {
    /** @type {HTMLDialogElement} */ (open).close();
  }
}

function keep() {
  const decision = form();
  if (!decision || !isOpen()) return;
  const fields = fieldsOf(decision);
  const isChanged = fields.some(
    (field) => readValue(controlOf(field)) !== proposedOf(field),
  );
  const entries = fields
    .map(controlOf)
    .map((control) => [control.name, readValue(control)]);
  if (isChanged) keepDraft(draftKey(), Object.fromEntries(entries));
  else dropDraft(draftKey());
}

function restore() {
  const decision = form();
  const draft = readDraft(draftKey());
  if (!decision || !draft || find("[data-typed]")) return;
  for (const field of fieldsOf(decision)) {
    const control = controlOf(field);
    if (control.name in draft) setValue(control, draft[control.name]);
  }
  const note = find("[data-restored]");
  if (note) note.hidden = false;
}

function discard() {
  for (const field of fieldsOf(form() ?? document)) {
    setValue(controlOf(field), proposedOf(field));
  }
  const note = find("[data-restored]");
  if (note) note.hidden = true;
  dropDraft(draftKey());
  update();
}

function edit() {
  const [field] = fieldsOf(form() ?? document);
  if (!field) return;
  showView(field, "text");
  controlOf(field).focus();
}

async function copy() {
  const fields = fieldsOf(form() ?? document);
  const texts = fields.map((field) => String(readValue(controlOf(field))));
  try {
    await navigator.clipboard.writeText(texts.join("\n\n"));
  } catch {
    const control = controlOf(fields[0]);
    control.focus();
    if (!(control instanceof HTMLSelectElement)) control.select();
  }
}

function claim() {
  const claiming = find("#claim-form");
  if (claiming instanceof HTMLFormElement) claiming.requestSubmit();
}

function lookAgain() {
  find("#review-status")?.dispatchEvent(new CustomEvent("live"));
}

async function renew() {
  const url = find("#claim-form")?.dataset.renew;
  if (!url || document.hidden) return;
  const headers = { "X-CSRFToken": csrfToken(), "HX-Request": "true" };
  const answer = await fetch(url, { method: "POST", headers }).catch(() => null);
  if (!answer?.ok) lookAgain();
}

/** @param {Event} event of htmx */
function isDecision(event) {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  return ctx.sourceElement?.getAttribute("hx-target") === "#review";
}

function start() {
  restore();
  update();
  for (const place of document.querySelectorAll("[data-compare]")) {
    const [before, after] = ["del", "ins"].map(
      (name) => place.querySelector(name)?.textContent ?? "",
    );
    draw(place, compare(before, after));
  }
}

document.addEventListener("input", (event) => {
  if (!(event.target instanceof Element) || !event.target.closest("#decision")) return;
  if (find("#claim-form[data-claim]")) claim();
  keep();
  update();
});
document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const button = event.target.closest("[data-view]");
  const field = button?.closest("[data-field]");
  if (field instanceof HTMLElement) {
    showView(field, button?.getAttribute("data-view") ?? "text");
  }
  if (event.target.closest("[data-edit]")) edit();
  if (event.target.closest("[data-discard]")) discard();
  if (event.target.closest("[data-copy]")) copy();
  if (event.target.closest("[data-reject]")) {
    event.preventDefault();
    openDialog("reject-dialog");
  }
});
document.addEventListener("keydown", (event) => {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return;
  // Enter in a line of text would press the first button: approve.
  if (event.key === "Enter" && target.matches("#decision input"))
    event.preventDefault();
});
// Before htmx or the browser reads the form.
document.addEventListener(
  "submit",
  () => {
    for (const input of document.querySelectorAll("[data-dwell]")) {
      /** @type {HTMLInputElement} */ (input).value = String(dwellMs());
    }
  },
  true,
);
document.addEventListener("htmx:before:request", (event) => {
  const label = find("#approve [data-label]");
  if (isDecision(event) && label) label.textContent = label.dataset.busy ?? "";
});
document.addEventListener("htmx:after:request", (event) => {
  const { response } = /** @type {CustomEvent} */ (event).detail.ctx;
  if (isDecision(event) && response.raw.ok && !response.raw.redirected) {
    dropDraft(draftKey());
  }
});
document.addEventListener("htmx:finally:request", update);
document.addEventListener("htmx:after:swap", update);
onKeys({
  a: () => find("#approve")?.click(),
  e: edit,
  r: () => find("#reject")?.click(),
  c: claim,
});
window.setInterval(renew, RENEW_MS);
// The claim of somebody else ends without anybody saying so.
window.setInterval(() => find("#take-over") && lookAgain(), LOOK_AGAIN_MS);
document.addEventListener("visibilitychange", () => document.hidden || renew());
dropOldDrafts();
start();
