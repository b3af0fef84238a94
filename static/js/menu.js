// @ts-check
/**
 * Puts a menu beside the button that opened it. The browser opens and closes it.
 *
 * @example
 * <button popovertarget="more" aria-label="More">…</button>
 * <div class="menu" id="more" popover>…</div>
 */
const GAP_PX = 4;
const EDGE_PX = 8;

/**
 * @param {HTMLElement} menu
 * @param {Element} button
 */
function place(menu, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + GAP_PX;
  const fits = below + height <= window.innerHeight - EDGE_PX;
  const top = fits ? below : Math.max(EDGE_PX, at.top - GAP_PX - height);
  const left = Math.min(at.left, window.innerWidth - EDGE_PX - width);
  menu.style.setProperty("top", `${top}px`);
  menu.style.setProperty("left", `${Math.max(EDGE_PX, left)}px`);
}

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLElement) || !menu.matches(".menu:popover-open")) return;
    const button = document.querySelector(`[popovertarget="${menu.id}"]`);
    // Those of the sidebar have their place in the style sheet.
    if (button && !button.closest(".sidebar")) place(menu, button);
  },
  true,
);
