// @ts-check
/** Symbols of the sprite, for React and for plain elements. */

import { html } from "flow-kit";

const SVG = "http://www.w3.org/2000/svg";

/** @param {{sprite: string, name: string, className?: string}} props */
export function Icon({ sprite, name, className = "" }) {
  return html`<svg className=${`icon ${className}`} aria-hidden="true">
    <use href=${`${sprite}#${name}`} />
  </svg>`;
}

/** @param {string} sprite @param {string} name @param {string} [className] */
export function iconElement(sprite, name, className = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
