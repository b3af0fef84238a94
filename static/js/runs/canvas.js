// @ts-check
/**
 * Zooms the drawing of a run. The drawing is whole and usable without it.
 *
 * @example
 * <section data-canvas>
 *   <div data-canvas-scroll><svg data-drawing width="1944" height="290">…</svg></div>
 *   <div data-canvas-zoom hidden> <button data-zoom="in">…</button>
 *     <output data-zoom-value>100 %</output></div>
 * </section>
 */

const SMALLEST = 0.35;
const LARGEST = 1.5;
const READABLE = 0.8;
/** Below it a node shows its label alone. */
const SMALL = 0.7;
const STEP = 0.1;
const BUSY = ".drawn-node-waiting, .drawn-node-running, .drawn-node-failed";

/** @type {WeakSet<Element>} the frames of drawings that were scrolled once */
const shown = new WeakSet();

/** @type {number | null} what the person chose; null: as much as can be read */
let chosen = null;

/** @returns {{ drawing: SVGSVGElement, scroll: HTMLElement } | null} */
function parts() {
  const drawing = document.querySelector("[data-drawing]");
  const scroll = document.querySelector("[data-canvas-scroll]");
  const found = drawing instanceof SVGSVGElement && scroll instanceof HTMLElement;
  return found ? { drawing, scroll } : null;
}

/**
 * @param {SVGSVGElement} drawing
 * @param {HTMLElement} scroll
 */
function fitting(drawing, scroll) {
  const { width, height } = drawing.viewBox.baseVal;
  // A frame that is as high as its drawing leaves no choice but the width.
  const wide = scroll.dataset.fit === "width";
  const high = wide ? 1 : scroll.clientHeight / height;
  return Math.min(scroll.clientWidth / width, high, 1);
}

function draw() {
  const found = parts();
  if (!found) return;
  const { drawing, scroll } = found;
  const fit = Math.max(fitting(drawing, scroll), READABLE);
  const zoom = Math.min(Math.max(chosen ?? fit, SMALLEST), LARGEST);
  const { width, height } = drawing.viewBox.baseVal;
  drawing.setAttribute("width", String(Math.round(width * zoom)));
  drawing.setAttribute("height", String(Math.round(height * zoom)));
  drawing.classList.toggle("drawing-small", zoom < SMALL);
  const bar = document.querySelector("[data-canvas-zoom]");
  if (bar instanceof HTMLElement) bar.hidden = false;
  const value = document.querySelector("[data-zoom-value]");
  if (value) value.textContent = `${Math.round(zoom * 100)} %`;
}

/** Draws, and where the drawing is new scrolls to where something happens. */
function show() {
  draw();
  const scroll = parts()?.scroll;
  if (!scroll || shown.has(scroll)) return;
  shown.add(scroll);
  const selected = scroll.querySelector(".drawn-node[aria-current]");
  const interesting = selected ?? scroll.querySelector(BUSY);
  if (interesting) bringIntoView(interesting);
}

/** @param {string | undefined} way */
function change(way) {
  const found = parts();
  if (!found) return;
  const { drawing, scroll } = found;
  const now = drawing.width.baseVal.value / drawing.viewBox.baseVal.width;
  if (way === "fit") chosen = fitting(drawing, scroll);
  else chosen = now + (way === "in" ? STEP : -STEP);
  draw();
}

/** @param {Element} node scrolls the drawing alone, never the page */
function bringIntoView(node) {
  const card = node.querySelector("foreignObject")?.getBoundingClientRect();
  const scroll = parts()?.scroll;
  if (!card || !scroll) return;
  const frame = scroll.getBoundingClientRect();
  scroll.scrollLeft += card.left + card.width / 2 - frame.left - frame.width / 2;
  scroll.scrollTop += card.top + card.height / 2 - frame.top - frame.height / 2;
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const button = target?.closest("[data-zoom]");
  if (button instanceof HTMLElement) change(button.dataset.zoom);
});
document.addEventListener("htmx:after:swap", show);
window.addEventListener("resize", draw);
show();
