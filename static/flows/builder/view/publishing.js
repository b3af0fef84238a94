// @ts-check
/** Puts the draft into service, or opens the list of what keeps it from that. */

import { reportFailure } from "baton/failures";
import { toast } from "baton/toast";
import { ApiError, call } from "builder/api";

/**
 * @param {import("builder/index").FlowEditor} canvas
 * @param {HTMLButtonElement} button without permission it is aria-disabled and says why
 * @param {{url: string, save: () => Promise<boolean>,
 *   panel: import("builder/view/problems").ProblemPanel,
 *   onPublished: (number: number) => void}} parts
 */
export function bindPublishing(canvas, button, { url, save, panel, onPublished }) {
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    if (!(await save())) return;
    button.disabled = true;
    try {
      const { number } = await call("POST", url);
      toast({ text: canvas.parts.t("published", { number }) });
      onPublished(number);
    } catch (error) {
      await tell(error);
    } finally {
      button.disabled = false;
    }
  });

  /** @param {unknown} error */
  async function tell(error) {
    if (error instanceof ApiError && error.code === "graph_invalid") {
      canvas.store.setProblems(error.problems);
      panel.toggle(true);
      panel.list.querySelector("button")?.focus();
      return;
    }
    const status = error instanceof ApiError ? error.status : 503;
    await reportFailure(new Response(null, { status }));
  }
}
