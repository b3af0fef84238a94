// @ts-check
/** Talking to the API. A refusal is an ApiError with the problem document's words. */

import { csrfToken } from "baton/csrf";

export class ApiError extends Error {
  /** @param {number} status @param {{code?: string, detail?: string, problems?: any[]}} problem */
  constructor(status, problem) {
    super(problem.detail ?? "");
    this.status = status;
    this.code = problem.code ?? "";
    this.problems = problem.problems ?? [];
  }

  /** The session is over: nobody is logged in any more. */
  get isSignedOut() {
    return this.status === 401 || this.code === "not_authenticated";
  }
}

/**
 * @param {string} method @param {string} url @param {object} [body]
 * @returns {Promise<any>} the answer's JSON; rejects with ApiError, or TypeError if offline
 */
export async function call(method, url, body) {
  const response = await fetch(url, {
    method,
    headers: {
      Accept: "application/json",
      ...(body && { "Content-Type": "application/json" }),
      ...(method !== "GET" && { "X-CSRFToken": csrfToken() }),
    },
    body: body && JSON.stringify(body),
  });
  const isJson = response.headers.get("Content-Type")?.includes("json");
  const value = isJson ? await response.json() : {};
  if (!response.ok) throw new ApiError(response.status, value);
  return value;
}
