// @ts-check
/**
 * What a run means for each node and edge, as the server says it: `flows.views.run_states`.
 *
 * @typedef {{tone: string, icon: string, word: string}} Look
 * @typedef {Look & {says: string, figure: string, round: number}} NodeState
 * @typedef {"open" | "taken" | "moving" | "dead"} Passage
 * @typedef {Look & {id: string, is_over: boolean, figures: string[],
 *   nodes: Record<string, NodeState>, edges: Record<string, Passage>,
 *   rounds: Record<string, string>}} RunStates `rounds` are the words of feedback edges
 */

/**
 * How an edge is drawn beside a run, or without one.
 *
 * @param {import("builder/graph").FlowEdge} edge @param {RunStates | null} run
 * @returns {"plain" | "taken" | "running" | "dead"}
 */
export function edgeState(edge, run) {
  const passage = run?.edges[edge.id] ?? "open";
  if (passage === "open") return "plain";
  return passage === "moving" ? "running" : passage;
}
