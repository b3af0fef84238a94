// @ts-check
/**
 * Single keys. They do nothing in fields, with Ctrl, Alt or Meta, while a dialog is open,
 * or when the person has turned them off (`<html data-keys="off">`).
 *
 * @example
 * import { onKeys } from "baton/keys";
 * const off = onKeys({ j: next, k: previous, Enter: open, "Shift+R": runFromHere });
 */
import { openDialog } from "baton/dialog";

const GO_MS = 1500;
let goUntil = 0;

/** @typedef {Record<string, (event: KeyboardEvent) => void>} Bindings */

/** @type {Set<Bindings>} */
const bound = new Set();

/**
 * @param {Bindings} bindings by `event.key`; what is bound last is asked first
 * @returns {() => void} takes them back
 */
export function onKeys(bindings) {
  bound.add(bindings);
  return () => {
    bound.delete(bindings);
  };
}

/** @param {KeyboardEvent} event */
function isOff(event) {
  const target = event.composedPath()[0];
  return (
    event.defaultPrevented ||
    event.ctrlKey ||
    event.altKey ||
    event.metaKey ||
    event.isComposing ||
    document.documentElement.dataset.keys === "off" ||
    document.querySelector("dialog[open]") !== null ||
    (target instanceof HTMLElement && isField(target))
  );
}

/** @param {HTMLElement} element */
function isField(element) {
  const choices = "[type=checkbox], [type=radio], [type=button], [type=submit]";
  return (
    element.isContentEditable ||
    element.matches(`input:not(${choices}), textarea, select`)
  );
}

/** @param {KeyboardEvent} event */
function goTo(event) {
  const link = document.querySelector(`[data-go-key="${CSS.escape(event.key)}"]`);
  goUntil = 0;
  if (!(link instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  window.location.assign(link.href);
}

/** @param {KeyboardEvent} event */
function nameOf(event) {
  const isLetter = /^[a-z]$/i.test(event.key);
  return event.shiftKey && isLetter ? `Shift+${event.key.toUpperCase()}` : event.key;
}

document.addEventListener("keydown", (event) => {
  if (isOff(event)) return;
  if (Date.now() < goUntil) return goTo(event);
  const name = nameOf(event);
  const bindings = [...bound].reverse().find((some) => Object.hasOwn(some, name));
  if (bindings) {
    event.preventDefault();
    bindings[name](event);
  } else if (name === "g") {
    goUntil = Date.now() + GO_MS;
  } else if (name === "?") {
    event.preventDefault();
    openDialog("key-list");
  }
});
