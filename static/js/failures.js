// @ts-check
/**
 * Says what happened when a request failed. Nothing is swapped then, so nothing typed is
 * lost. The words are in templates/components/_shell_words.html.
 *
 * Modules that fetch by themselves hand their answer to `reportFailure`.
 */
import "baton/csrf";

const notes = () => document.getElementById("page-notes");

/**
 * @param {Response} response
 * @param {string} [text] its body, where somebody has read it already
 * @returns {Promise<boolean>} whether it was a failure of the frame and was told
 */
export async function reportFailure(response, text) {
  if (hasEnded(response)) return askForLogin();
  if (response.status === 403) {
    return showNote("note-forbidden", "[data-reason]", await reasonOf(response, text));
  }
  if (response.status >= 500) {
    const reference = response.headers.get("X-Request-ID") ?? "";
    return showNote("note-server-failed", "[data-reference]", reference);
  }
  return false;
}

/**
 * What a page fetches by itself says nothing of what the person wanted, and failed.
 * @param {Event | undefined} event what made htmx send the request
 */
function isAskedByPerson(event) {
  return event !== undefined && !["live", "every", "load"].includes(event.type);
}

/** For a request that got no answer at all. */
export function reportNoAnswer() {
  return showNote("note-no-answer");
}

/** @param {Response} response */
function hasEnded(response) {
  const dialog = document.getElementById("session-ended");
  const login = dialog?.dataset.loginUrl;
  const wasLedToLogin =
    response.redirected && new URL(response.url).pathname === login;
  return response.status === 401 || wasLedToLogin;
}

function askForLogin() {
  const dialog = document.getElementById("session-ended");
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
  return true;
}

/**
 * @param {Response} response
 * @param {string} [text]
 * @returns {Promise<string>} one sentence of the server, or nothing
 */
async function reasonOf(response, text) {
  const type = response.headers.get("Content-Type") ?? "";
  const body = text ?? (await response.clone().text());
  if (type.startsWith("text/plain")) return body;
  if (!type.includes("json")) return "";
  const { detail, title } = JSON.parse(body);
  return detail ?? title ?? "";
}

/**
 * @param {string} id of its template
 * @param {string} [place] where `words` go, if there are any
 * @param {string} [words]
 */
function showNote(id, place, words) {
  const template = document.getElementById(id);
  if (!(template instanceof HTMLTemplateElement)) return false;
  const note = document.importNode(template.content, true);
  const slot = place && words ? note.querySelector(place) : null;
  if (slot && words) slot.textContent = words;
  notes()?.replaceChildren(note);
  return true;
}

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  const response = ctx.response.raw;
  if (hasEnded(response) || response.status === 403) event.preventDefault();
  if (response.ok && !response.redirected && isAskedByPerson(ctx.sourceEvent)) {
    notes()?.querySelector("[data-dismissable]")?.remove();
  }
  reportFailure(response, ctx.text);
});

document.addEventListener("htmx:error", (event) => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  if (ctx && !ctx.response) reportNoAnswer();
});

// The socket hears of these before any request does; see static/js/live.js.
document.addEventListener("baton:signed-out", askForLogin);
document.addEventListener("baton:removed", () => showNote("note-removed"));
window.addEventListener("offline", () => showNote("note-offline"));
window.addEventListener("online", () => notes()?.replaceChildren());
