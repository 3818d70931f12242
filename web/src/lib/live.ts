/** What the live streams do to the page's state: pure functions. */

import type {
  EventMessage,
  Executable,
  Execution,
  ExecutionAttempt,
  LiveEvent,
  PathRows,
} from "../api/types";
import type { ExecutionFilter } from "./route";
import { statusLook } from "./status";

/** Messages that are kept in the browser; older ones go first. */
export const MESSAGES_MAX = 20_000;

/** Runs of executables that are kept; older ones go first. */
export const RUNS_MAX = 2_000;

export interface PathRate extends PathRows {
  /** Rows a second between the last two figures. */
  rate: number;
}

export interface LiveState {
  execution: Execution | null;
  messages: EventMessage[];
  /** How many messages were dropped from the front. */
  dropped: number;
  /** Runs that have ended, in the order of their ends. */
  finished: Executable[];
  /** Those and what runs now. */
  executables: Executable[];
  paths: PathRate[];
  attempts: ExecutionAttempt[];
  /** Why it waits for a worker, while it does. */
  waiting: string | null;
  ended: boolean;
}

export const EMPTY_LIVE: LiveState = {
  execution: null,
  messages: [],
  dropped: 0,
  finished: [],
  executables: [],
  paths: [],
  attempts: [],
  waiting: null,
  ended: false,
};

/** The state after an event. */
export function applyLive(state: LiveState, event: LiveEvent): LiveState {
  switch (event.kind) {
    case "execution":
      return withExecution(state, event.data);
    case "messages":
      return addMessages(state, event.data);
    case "executables":
      return withExecutables(state, event.data);
    case "paths":
      return { ...state, paths: withRates(state.paths, event.data) };
    case "attempts":
      return { ...state, attempts: event.data };
    case "waiting":
      return { ...state, waiting: event.data ?? null };
    case "end":
      return { ...state, ended: true, paths: state.paths.map((path) => ({ ...path, rate: 0 })) };
    default:
      return state;
  }
}

function addMessages(state: LiveState, added: EventMessage[]): LiveState {
  // after a reconnect the stream may repeat what is here already
  const last = state.messages.at(-1)?.event_message_id ?? 0;
  const fresh = added.filter((message) => message.event_message_id > last);
  if (fresh.length === 0) return state;
  const all = [...state.messages, ...fresh];
  const over = Math.max(all.length - MESSAGES_MAX, 0);
  return { ...state, messages: over > 0 ? all.slice(over) : all, dropped: state.dropped + over };
}

/** A new attempt begins its rows anew; its executables say so themselves. */
function withExecution(state: LiveState, execution: Execution): LiveState {
  const again = state.execution?.executed_count !== execution.executed_count;
  return { ...state, execution, paths: again ? [] : state.paths };
}

function withExecutables(
  state: LiveState,
  news: { from_start: boolean; ended: Executable[]; running: Executable[] },
): LiveState {
  const all = news.from_start ? news.ended : [...state.finished, ...news.ended];
  const finished = all.slice(-RUNS_MAX);
  return { ...state, finished, executables: [...finished, ...news.running] };
}

/** The paths with those that changed; each comes with its whole sum. */
function withRates(before: readonly PathRate[], changed: readonly PathRows[]): PathRate[] {
  const paths = new Map(before.map((path) => [keyOfPath(path), path]));
  for (const path of changed) {
    paths.set(keyOfPath(path), { ...path, rate: rateOf(paths.get(keyOfPath(path)), path) });
  }
  return [...paths.values()];
}

function rateOf(old: PathRate | undefined, path: PathRows): number {
  if (!old || path.is_final) return 0;
  const seconds = (Date.parse(path.created_time) - Date.parse(old.created_time)) / 1000;
  if (seconds <= 0) return old.rate;
  return Math.max((path.rows_sent - old.rows_sent) / seconds, 0);
}

/** What tells one path of an execution from the others. */
export function keyOfPath(path: PathRows): string {
  return `${path.execution_path}\n${path.dataflow_path_id_string}`;
}

/** A list of executions, newest first, with those that are new or have changed. */
export function mergeExecutions(
  list: readonly Execution[],
  changed: readonly Execution[],
  filter: ExecutionFilter,
  limit: number,
): Execution[] {
  const byId = new Map(list.map((execution) => [execution.execution_id, execution]));
  const oldest = list.length >= limit ? (list.at(-1)?.execution_id ?? 0) : 0;
  for (const execution of changed) {
    if (!passes(execution, filter)) byId.delete(execution.execution_id);
    else if (execution.execution_id >= oldest) byId.set(execution.execution_id, execution);
  }
  return [...byId.values()].sort((a, b) => b.execution_id - a.execution_id);
}

/** Whether an execution passes a filter, as the server decides it. */
export function passes(execution: Execution, filter: ExecutionFilter): boolean {
  const same = (a: string, b: string | undefined) => !b || a.toLowerCase() === b.toLowerCase();
  if (filter.status) {
    const wanted = filter.status.split(",").map((part) => part.trim().toLowerCase());
    const name = statusLook(execution.status).label.toLowerCase();
    if (!wanted.includes(String(execution.status)) && !wanted.includes(name)) return false;
  }
  return (
    same(execution.folder_name, filter.folder_name) &&
    same(execution.project_name, filter.project_name) &&
    same(execution.package_name, filter.package_name)
  );
}
