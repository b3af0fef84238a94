// @ts-check
/** What a drag on the canvas means: where nodes stand after it, and in which map. */

import { boxesOf, homesOf, mapAt, placeIn } from "builder/boxes";
import { nodeOf, parentOf } from "builder/graph";
import { canStandInMap, settle } from "builder/nesting";

/**
 * @typedef {import("builder/view/canvas").EditorParts} EditorParts
 * @typedef {import("builder/graph").Position} Position
 * @typedef {{id: string, position: Position}} Moved with its place as React Flow has it
 */

/**
 * The map that would take a dragged node in: the one under its middle.
 *
 * @param {EditorParts} editor @param {Moved} node @param {string[]} dragged
 */
export function mapUnder({ store, types }, node, dragged) {
  const { draft } = store.get();
  const boxes = boxesOf(draft, types);
  const box = boxes.get(node.id);
  if (!box || !canStandInMap(nodeOf(draft, node.id))) return "";
  const { x, y } = onCanvas(draft, boxes, node);
  const middle = { x: x + box.width / 2, y: y + Math.min(box.height, 64) / 2 };
  return mapAt(draft, boxes, middle, dragged);
}

/**
 * Take a drag into the draft, if it led anywhere.
 *
 * @param {EditorParts} editor @param {Moved[]} moved @param {string} target the map under
 *   the pointer's node; others that were dragged with it go along
 */
export function drop({ store, types }, moved, target) {
  const { draft } = store.get();
  const boxes = boxesOf(draft, types);
  const places = new Map(
    moved.map((node) => {
      const parent = canStandInMap(nodeOf(draft, node.id)) ? target : "";
      const position = placeIn(boxes, parent, onCanvas(draft, boxes, node));
      return [node.id, { parent, position }];
    }),
  );
  const isElsewhere = draft.flow.nodes.some(({ id, position }) => {
    const place = places.get(id);
    if (!place) return false;
    const isMoved =
      place.position.x !== position?.x || place.position.y !== position?.y;
    return isMoved || place.parent !== parentOf(draft, id);
  });
  if (isElsewhere) store.edit(settle(draft, places));
}

/**
 * @param {import("builder/graph").Draft} draft
 * @param {Map<string, import("builder/boxes").Box>} boxes @param {Moved} node
 */
function onCanvas(draft, boxes, { id, position }) {
  const around = boxes.get(homesOf(draft).get(id) ?? "");
  return { x: position.x + (around?.x ?? 0), y: position.y + (around?.y ?? 0) };
}
