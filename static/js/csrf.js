// @ts-check
/**
 * The token without which Django changes nothing. Read anew for each request: a login in
 * another tab has changed it.
 *
 * @example
 * fetch(url, { method: "POST", headers: { "X-CSRFToken": csrfToken() } });
 */

/** @returns {string} */
export function csrfToken() {
  const cookies = new Map(
    document.cookie.split("; ").map((cookie) => {
      const at = cookie.indexOf("=");
      return [cookie.slice(0, at), cookie.slice(at + 1)];
    }),
  );
  return decodeURIComponent(cookies.get("csrftoken") ?? "");
}

document.addEventListener("htmx:config:request", (event) => {
  const { request } = /** @type {CustomEvent} */ (event).detail.ctx;
  if (request.method === "GET") return;
  request.headers["X-CSRFToken"] = csrfToken();
  request.body?.delete?.("csrfmiddlewaretoken");
});
