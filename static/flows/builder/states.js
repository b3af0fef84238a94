// @ts-check
/** What a run, as the API gives it, means for each node and edge. */

import { sourcePort } from "builder/graph";

/**
 * @typedef {{node_id: string, status: string, port: string | null, model: string | null,
 *   error: {code: string} | null, duration_ms: number | null,
 *   cost_usd_micros: number}} Step
 * @typedef {{id: string, status: string, cost_usd_micros: number, started_at: string | null,
 *   ended_at: string | null, steps: Step[]}} Run
 * @typedef {{tone: string, icon: string}} Look
 * @typedef {Look & {status: string, says: string | null, figure: string}} NodeState
 * @typedef {{id: string, status: string, isOver: boolean, figures: string[],
 *   nodes: Record<string, NodeState>, steps: Record<string, Step>}} RunStates
 */

/** @type {Record<string, Look>} */
export const LOOKS = {
  pending: { tone: "pending", icon: "circle-dashed" },
  queued: { tone: "pending", icon: "circle-dashed" },
  paused: { tone: "pending", icon: "player-pause" },
  running: { tone: "running", icon: "loader-2" },
  waiting: { tone: "waiting", icon: "user-circle" },
  completed: { tone: "succeeded", icon: "circle-check" },
  failed: { tone: "failed", icon: "circle-x" },
  poisoned: { tone: "failed", icon: "alert-octagon" },
  skipped: { tone: "skipped", icon: "circle-minus" },
  cancelled: { tone: "skipped", icon: "circle-minus" },
  detached: { tone: "skipped", icon: "unlink" },
  in_doubt: { tone: "in-doubt", icon: "help-octagon" },
};

/** @param {Run} run @returns {RunStates} */
export function statesOf(run) {
  /** @type {Record<string, Step>} */
  const steps = {};
  for (const step of run.steps) steps[step.node_id] = step;
  const nodes = Object.fromEntries(
    Object.values(steps).map((step) => [step.node_id, stateOf(step)]),
  );
  const { id, status } = run;
  return {
    id,
    status,
    isOver: run.ended_at !== null,
    figures: figuresOf(run),
    nodes,
    steps,
  };
}

/** @param {Step} step @returns {NodeState} */
function stateOf(step) {
  const look = LOOKS[step.status] ?? LOOKS.pending;
  const figure = step.duration_ms === null ? "" : duration(step.duration_ms);
  return { ...look, status: step.status, says: saysOf(step), figure };
}

/** What came of a step, where that says more than its state.
 * @param {Step} step */
function saysOf(step) {
  if (step.status === "failed") return step.error?.code ?? null;
  if (step.status !== "completed") return null;
  return step.model ?? (step.port === "out" ? null : step.port);
}

/** @param {Run} run */
function figuresOf(run) {
  if (!run.started_at) return [];
  const end = run.ended_at ? Date.parse(run.ended_at) : Date.now();
  const took = duration(Math.max(0, end - Date.parse(run.started_at)));
  return run.cost_usd_micros ? [took, money(run.cost_usd_micros)] : [took];
}

/** @param {number} ms */
export function duration(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** @param {number} micros */
export const money = (micros) => `$${(micros / 1e6).toFixed(micros < 10_000 ? 4 : 2)}`;

/**
 * Whether a run went along an edge: taken, on its way, dead, or not decided yet.
 *
 * @param {import("builder/graph").FlowEdge} edge @param {RunStates | null} run
 * @returns {"plain" | "taken" | "running" | "dead"}
 */
export function edgeState(edge, run) {
  const source = run?.steps[edge.source];
  if (!run || !source) return "plain";
  const left = source.status === "completed" && source.port === sourcePort(edge);
  if (!left) return run.isOver || isSettled(source) ? "dead" : "plain";
  const target = run.nodes[edge.target]?.status;
  return target === "running" || target === "waiting" ? "running" : "taken";
}

/** @param {Step} step */
const isSettled = (step) => !["pending", "running", "waiting"].includes(step.status);
