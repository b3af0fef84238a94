// @ts-check
/** Keys of the builder. Those on the canvas need the focus on it; fields keep theirs. */

import { onKeys } from "baton/keys";

const FAR = 40;
const NEAR = 8;
/** @type {Record<string, [number, number]>} */
const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * @param {import("builder/index").FlowEditor} canvas
 * @param {import("builder/view/actions").Actions} actions
 * @param {{palette: import("builder/view/palette").Palette,
 *   inspector: import("builder/view/inspector").Inspector, run: () => void}} parts
 */
export function bindKeys(canvas, actions, { palette, inspector, run }) {
  onKeys({
    f: () => canvas.fit(),
    "[": () => actions.step(-1),
    "]": () => actions.step(1),
  });
  document.addEventListener("keydown", (event) => {
    if (
      isChord(event) &&
      event.key === "Enter" &&
      !document.querySelector("dialog[open]")
    ) {
      event.preventDefault();
      run();
    }
  });
  if (canvas.isReadOnly) return;
  onKeys({ "/": () => palette.open(), w: () => actions.wire() });
  canvas.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (arrow && isOnNode(event)) {
      event.preventDefault();
      const step = event.shiftKey ? FAR : NEAR;
      actions.nudge(arrow[0] * step, arrow[1] * step);
    } else if (event.key === "Enter" && !isChord(event) && isOnNode(event)) {
      event.preventDefault();
      inspector.focus();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (isElsewhere(event)) return;
    const act = commandOf(event, actions);
    if (!act) return;
    event.preventDefault();
    act();
  });
  bindClipboard(actions);
}

/** @param {KeyboardEvent} event @param {import("builder/view/actions").Actions} actions */
function commandOf(event, actions) {
  if (!isChord(event)) {
    const deletes = event.key === "Delete" || event.key === "Backspace";
    return deletes ? () => actions.delete() : null;
  }
  switch (event.key.toLowerCase()) {
    case "z":
      return () => (event.shiftKey ? actions.redo() : actions.undo());
    case "y":
      return () => actions.redo();
    case "d":
      return () => actions.duplicate();
    case "a":
      return () => actions.selectAll();
    default:
      return null;
  }
}

/** @param {import("builder/view/actions").Actions} actions */
function bindClipboard(actions) {
  for (const name of /** @type {const} */ (["copy", "cut"])) {
    document.addEventListener(name, (event) => {
      if (isElsewhere(event) || getSelection()?.toString()) return;
      const text = actions.copied();
      if (!text) return;
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      if (name === "cut") actions.delete();
    });
  }
  document.addEventListener("paste", (event) => {
    if (isElsewhere(event)) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (actions.paste(text)) event.preventDefault();
  });
}

/** @param {KeyboardEvent} event */
const isChord = (event) => event.ctrlKey || event.metaKey;

/** @param {Event} event */
const isOnNode = (event) =>
  event.target instanceof Element && event.target.closest(".react-flow__node") !== null;

/** In a field, a dialog or a menu these keys mean something else.
 * @param {Event} event */
function isElsewhere(event) {
  const target = event.composedPath()[0];
  return (
    document.querySelector("dialog[open], [popover]:popover-open") !== null ||
    (target instanceof Element &&
      target.closest("input, textarea, select, [contenteditable]") !== null)
  );
}
