// @ts-check
/**
 * A plain element; text is always text.
 *
 * @param {string} tag
 * @param {Record<string, any>} [props] `on…` listens, `class` and others are attributes;
 *   false and null are left out
 * @param {...(Node | string | null)} children
 * @returns {HTMLElement}
 */
export function element(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined)
      made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}
