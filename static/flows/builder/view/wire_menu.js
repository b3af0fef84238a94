// @ts-check
/** What a wire could lead to: nodes of the flow that fit, and types to add. */

import { labelOf, leadsTo, refusal } from "builder/graph";
import { element } from "builder/view/element";
import { iconElement } from "builder/view/icon";

const EDGE = 8;

/**
 * @typedef {{canvas: import("builder/index").FlowEditor, point: {x: number, y: number},
 *   addsFirst: boolean,
 *   from: {source: string, source_port: string},
 *   onNode: (id: string) => void, onType: (type: string) => void}} Asked
 */

/** @param {Asked} asked */
export function openWireMenu({ canvas, point, from, addsFirst, onNode, onType }) {
  document.getElementById("wire-menu")?.remove();
  const { t, types, sprite, store } = canvas.parts;
  const { draft } = store.get();
  const pick = (/** @type {() => void} */ act) => () => {
    menu.hidePopover();
    act();
  };
  const nodes = draft.flow.nodes
    .filter(
      (node) => !refusal(draft, types, { ...from, target: node.id, target_port: "in" }),
    )
    .map((node) => {
      const label = labelOf(draft, types, node.id);
      const isBack = leadsTo(draft, node.id, from.source);
      return item(
        sprite,
        isBack ? "repeat" : types[node.type].icon,
        isBack ? t("back_to", { label }) : label,
        pick(() => onNode(node.id)),
      );
    });
  const added = Object.entries(types)
    .filter(([, type]) => type.inPorts.length)
    .map(([name, type]) =>
      item(
        sprite,
        type.icon,
        t("add_type", { type: type.label }),
        pick(() => onType(name)),
      ),
    );
  const menu = element(
    "div",
    {
      class: "menu wire-menu",
      id: "wire-menu",
      popover: "auto",
      role: "menu",
      "aria-label": t("connect_to"),
    },
    ...(addsFirst ? added : nodes),
    ...(nodes.length ? [element("hr")] : []),
    ...(addsFirst ? nodes : added),
  );
  menu.addEventListener("keydown", (event) => walk(menu, event));
  menu.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "closed") menu.remove();
  });
  document.body.append(menu);
  menu.showPopover();
  const left = Math.min(point.x, innerWidth - menu.offsetWidth - EDGE);
  const top = Math.min(point.y, innerHeight - menu.offsetHeight - EDGE);
  menu.style.setProperty("left", `${Math.max(EDGE, left)}px`);
  menu.style.setProperty("top", `${Math.max(EDGE, top)}px`);
  menu.querySelector("button")?.focus();
}

/** @param {string} sprite @param {string} icon @param {string} words @param {() => void} act */
const item = (sprite, icon, words, act) =>
  element(
    "button",
    { type: "button", class: "menu-item", role: "menuitem", onclick: act },
    iconElement(sprite, icon),
    words,
  );

/** @param {HTMLElement} menu @param {KeyboardEvent} event */
function walk(menu, event) {
  const items = [...menu.querySelectorAll("button")];
  const at = items.indexOf(/** @type {any} */ (document.activeElement));
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!step) return;
  event.preventDefault();
  items[(at + step + items.length) % items.length]?.focus();
}
