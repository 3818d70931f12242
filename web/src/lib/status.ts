/** The nine statuses of an execution and the results of an executable, by SSIS's names. */

export interface Look {
  label: string;
  color: string;
}

const STATUSES: Record<number, Look> = {
  1: { label: "Created", color: "gray" },
  2: { label: "Running", color: "blue" },
  3: { label: "Canceled", color: "gray" },
  4: { label: "Failed", color: "red" },
  5: { label: "Pending", color: "cyan" },
  6: { label: "Ended unexpectedly", color: "orange" },
  7: { label: "Succeeded", color: "green" },
  8: { label: "Stopping", color: "yellow" },
  9: { label: "Completed", color: "teal" },
};

const RESULTS: Record<number, Look> = {
  0: { label: "Success", color: "green" },
  1: { label: "Failure", color: "red" },
  2: { label: "Completion", color: "teal" },
  3: { label: "Cancelled", color: "gray" },
};

/** How a status looks; an unknown one says its number. */
export function statusLook(status: number): Look {
  return STATUSES[status] ?? { label: `Status ${status}`, color: "gray" };
}

/** The colour of a status by its name. */
export function statusColor(name: string): string {
  return Object.values(STATUSES).find((look) => look.label === name)?.color ?? "gray";
}

/** All statuses, for a filter. */
export const ALL_STATUSES = Object.entries(STATUSES).map(([value, look]) => ({
  value,
  label: look.label,
}));

/** Whether nothing more will happen to an execution. */
export function isEnded(status: number): boolean {
  return [3, 4, 6, 7, 9].includes(status);
}

/** How the result of an executable looks; without one it still runs. */
export function resultLook(result: number | null | undefined): Look {
  if (result === null || result === undefined) return { label: "Running", color: "blue" };
  return RESULTS[result] ?? { label: `Result ${result}`, color: "gray" };
}

export type Level = "error" | "warning" | "information" | "all";

const LEVEL_TYPES: Record<Level, number[] | null> = {
  error: [120, 130],
  warning: [110, 120, 130],
  information: [70, 110, 120, 130],
  all: null,
};

/** Whether a message of a type is shown at a level. */
export function admits(level: Level, messageType: number): boolean {
  return LEVEL_TYPES[level]?.includes(messageType) ?? true;
}

/** The colour of a message. */
export function messageColor(messageType: number): string {
  if (messageType === 120 || messageType === 130) return "red";
  if (messageType === 110) return "orange";
  if (messageType === 70) return "blue";
  return "gray";
}
