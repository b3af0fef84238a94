// @ts-check
/**
 * The fields of a proposal: what they held, what they hold now, and the difference.
 *
 * @example
 * <div class="field" data-field data-proposed="We send it.">
 *   <div data-views hidden><button data-view="text">… <button data-view="changes">…</div>
 *   <textarea name="field-answer">…</textarea> <div data-diff hidden></div>
 * </div>
 */
import { compare, countChanges } from "baton/approvals/words";

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Control */
/** @typedef {import("baton/approvals/words").Part} Part */

/** @param {ParentNode} form */
export function fieldsOf(form) {
  return [...form.querySelectorAll("[data-field]")].filter(
    (field) => field instanceof HTMLElement,
  );
}

/**
 * @param {HTMLElement} field
 * @returns {Control}
 */
export function controlOf(field) {
  const control = field.querySelector("input, textarea, select");
  return /** @type {Control} */ (control);
}

/** @param {Control} control */
export function readValue(control) {
  const isChoice = control instanceof HTMLInputElement && control.type === "checkbox";
  return isChoice ? control.checked : control.value;
}

/**
 * @param {Control} control
 * @param {string | boolean} value
 */
export function setValue(control, value) {
  if (control instanceof HTMLInputElement && typeof value === "boolean") {
    control.checked = value;
  } else {
    control.value = String(value);
  }
}

/** @param {HTMLElement} field */
export function proposedOf(field) {
  const proposed = (field.dataset.proposed ?? "").replaceAll("\r\n", "\n");
  return typeof readValue(controlOf(field)) === "boolean"
    ? proposed === "true"
    : proposed;
}

/**
 * Shows what changed in a field.
 * @param {HTMLElement} field
 * @returns {number} in how many places
 */
export function showChanges(field) {
  const [before, after] = [proposedOf(field), readValue(controlOf(field))];
  if (before === after) return mark(field, []);
  const parts =
    typeof before === "string" && typeof after === "string"
      ? compare(before, after)
      : [];
  mark(field, parts);
  return Math.max(1, countChanges(parts));
}

/**
 * @param {HTMLElement} field
 * @param {Part[]} parts
 */
function mark(field, parts) {
  const views = field.querySelector("[data-views]");
  const count = countChanges(parts);
  if (!(views instanceof HTMLElement)) return count;
  views.hidden = count === 0;
  const number = views.querySelector("[data-count]");
  if (number) number.textContent = String(count);
  draw(field.querySelector("[data-diff]"), parts);
  if (count === 0) showView(field, "text");
  return count;
}

/**
 * @param {Element | null} place
 * @param {Part[]} parts
 */
export function draw(place, parts) {
  const nodes = parts.map(({ kind, text }) => {
    if (kind === "same") return document.createTextNode(text);
    const element = document.createElement(kind);
    element.textContent = text;
    return element;
  });
  place?.replaceChildren(...nodes);
}

/**
 * @param {HTMLElement} field
 * @param {string} name "text" or "changes"
 */
export function showView(field, name) {
  const diff = field.querySelector("[data-diff]");
  if (!(diff instanceof HTMLElement)) return;
  diff.hidden = name !== "changes";
  controlOf(field).hidden = name === "changes";
  for (const button of field.querySelectorAll("[data-view]")) {
    const isShown = button.getAttribute("data-view") === name;
    button.setAttribute("aria-pressed", String(isShown));
  }
}
