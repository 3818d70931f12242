import { describe, expect, it } from "vitest";
import type { EventMessage, Executable, Execution, LiveEvent, PathRows } from "../api/types";
import { formatAge, formatClock, formatDuration, packageTitle } from "./format";
import {
  applyLive,
  EMPTY_LIVE,
  type LiveState,
  MESSAGES_MAX,
  mergeExecutions,
  passes,
} from "./live";
import { fieldOf, parameterValue } from "./parameter";
import { parseRoute, routeHash, tokenInHash } from "./route";
import { EventParser } from "./sse";
import { admits, isEnded, resultLook, statusLook } from "./status";
import { buildTree, spanOf, visibleRows } from "./tree";

describe("format", () => {
  it.each([
    [0, "0 ms"],
    [999, "999 ms"],
    [3400, "3.4 s"],
    [59_949, "59.9 s"],
    [59_960, "1 min 00 s"],
    [245_000, "4 min 05 s"],
    [7_380_000, "2 h 03 min"],
    [273_600_000, "3 d 4 h"],
    [-1, "–"],
    [Number.NaN, "–"],
  ])("writes a duration of %d ms as %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
  it.each([
    [0, "just now"],
    [12_000, "12 s ago"],
    [180_000, "3 min ago"],
    [7_200_000, "2 h ago"],
    [432_000_000, "5 d ago"],
  ])("writes an age of %d ms as %s", (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });
  it("writes no clock for what is no time", () => {
    expect(formatClock("")).toBe("–");
    expect(formatClock("2026-11-21T03:04:05.006")).toBe("03:04:05.006");
  });
  it("leaves the extension out", () => {
    expect(packageTitle("Load Sales.DTSX")).toBe("Load Sales");
  });
});

describe("status", () => {
  it("has SSIS's nine names", () => {
    const names = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((status) => statusLook(status).label);
    expect(names).toEqual([
      "Created",
      "Running",
      "Canceled",
      "Failed",
      "Pending",
      "Ended unexpectedly",
      "Succeeded",
      "Stopping",
      "Completed",
    ]);
    expect(statusLook(77).label).toBe("Status 77");
  });
  it("knows the ends", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9].filter(isEnded)).toEqual([3, 4, 6, 7, 9]);
  });
  it("takes an executable without result as running", () => {
    expect(resultLook(null).label).toBe("Running");
    expect(resultLook(1).label).toBe("Failure");
  });
  it("filters messages by level", () => {
    expect(admits("error", 120)).toBe(true);
    expect(admits("error", 110)).toBe(false);
    expect(admits("warning", 110)).toBe(true);
    expect(admits("all", 60)).toBe(true);
  });
});

describe("route", () => {
  it.each([
    "#/executions",
    "#/executions?status=2%2C4&folder_name=A+B",
    "#/executions/12",
    "#/projects",
    "#/workers",
  ])("reads %s back", (hash) => {
    expect(routeHash(parseRoute(hash))).toBe(hash);
  });
  it("takes anything else as the list", () => {
    expect(parseRoute("#/nothing/../here")).toEqual({ view: "executions", filter: {} });
    expect(parseRoute("#/executions/1e9")).toEqual({ view: "executions", filter: {} });
  });
  it("finds a token", () => {
    expect(tokenInHash("#token=0af3")).toBe("0af3");
    expect(tokenInHash("#token=")).toBeNull();
    expect(tokenInHash("#/workers")).toBeNull();
  });
});

describe("tree", () => {
  const run = (execution_path: string, start: number, end?: number) => ({
    executable_name: execution_path,
    package_path: execution_path,
    execution_path,
    start_time: new Date(start).toISOString(),
    end_time: end === undefined ? null : new Date(end).toISOString(),
  });
  const runs = [
    run("\\P\\Loop[2]\\Load", 30, 40),
    run("\\P\\Loop[1]\\Load", 20, 30),
    run("\\P\\Loop", 10, 50),
    run("\\P", 0),
    run("\\Q", 5),
  ];
  it("puts runs below what their paths begin with, in the order of their start", () => {
    const rows = visibleRows(buildTree(runs), new Set());
    expect(rows.map((row) => [row.depth, row.path])).toEqual([
      [0, "\\P"],
      [1, "\\P\\Loop"],
      [2, "\\P\\Loop[1]\\Load"],
      [2, "\\P\\Loop[2]\\Load"],
      [0, "\\Q"],
    ]);
  });
  it("hides what is collapsed", () => {
    const rows = visibleRows(buildTree(runs), new Set(["\\P\\Loop"]));
    expect(rows.map((row) => row.path)).toEqual(["\\P", "\\P\\Loop", "\\Q"]);
  });
  it("places runs on the axis, those that go on to its end", () => {
    expect(spanOf(run("x", 25, 75), 0, 100)).toEqual({ left: 25, width: 50 });
    expect(spanOf(run("x", 50), 0, 100)).toEqual({ left: 50, width: 50 });
    expect(spanOf(run("x", 100, 100), 0, 100)).toEqual({ left: 99.5, width: 0.5 });
  });
});

describe("live", () => {
  const message = (id: number) => ({ event_message_id: id }) as EventMessage;
  const execution = (id: number, status: number, package_name = "A.dtsx") =>
    ({
      execution_id: id,
      status,
      folder_name: "F",
      project_name: "P",
      package_name,
    }) as Execution;

  it("adds messages once, whatever a reconnect repeats", () => {
    let state = applyLive(EMPTY_LIVE, { kind: "messages", data: [message(1), message(2)] });
    state = applyLive(state, { kind: "messages", data: [message(2), message(3)] });
    expect(state.messages.map((m) => m.event_message_id)).toEqual([1, 2, 3]);
  });
  it("keeps a bounded number of messages", () => {
    const many = Array.from({ length: MESSAGES_MAX + 5 }, (_, i) => message(i + 1));
    const state = applyLive(EMPTY_LIVE, { kind: "messages", data: many });
    expect(state.messages.length).toBe(MESSAGES_MAX);
    expect(state.messages[0]?.event_message_id).toBe(6);
    expect(state.dropped).toBe(5);
  });
  it("counts rows a second between two figures", () => {
    const path = (rows_sent: number, ms: number) =>
      ({
        execution_path: "\\P\\D",
        dataflow_path_id_string: "x",
        rows_sent,
        created_time: new Date(ms).toISOString(),
      }) as PathRows;
    let state = applyLive(EMPTY_LIVE, { kind: "paths", data: [path(100, 0)] });
    state = applyLive(state, { kind: "paths", data: [path(600, 500)] });
    expect(state.paths[0]?.rate).toBe(1000);
    state = applyLive(state, { kind: "end" });
    expect(state.paths[0]?.rate).toBe(0);
    expect(state.ended).toBe(true);
  });
  it("adds what has ended and replaces what runs", () => {
    const run = (executable_name: string) => ({ executable_name }) as Executable;
    const names = (runs: Executable[]) => runs.map((each) => each.executable_name);
    const take = (state: LiveState, from_start: boolean, ended: string[], running: string[]) =>
      applyLive(state, {
        kind: "executables",
        data: { from_start, ended: ended.map(run), running: running.map(run) },
      });
    let state = take(EMPTY_LIVE, true, ["a"], ["b", "c"]);
    state = take(state, false, ["b"], ["c", "d"]);
    expect(names(state.executables)).toEqual(["a", "b", "c", "d"]);
    state = take(state, true, [], ["e"]);
    expect(names(state.executables)).toEqual(["e"]);
  });
  it("keeps paths that did not change, until a new attempt begins", () => {
    const path = (dataflow_path_id_string: string, rows_sent: number) =>
      ({ execution_path: "\\P", dataflow_path_id_string, rows_sent, created_time: "" }) as PathRows;
    const attempt = (executed_count: number): LiveEvent => ({
      kind: "execution",
      data: { execution_id: 1, executed_count } as Execution,
    });
    let state = applyLive(EMPTY_LIVE, attempt(1));
    state = applyLive(state, { kind: "paths", data: [path("x", 1), path("y", 2)] });
    state = applyLive(state, { kind: "paths", data: [path("y", 5)] });
    state = applyLive(state, attempt(1));
    expect(state.paths.map((each) => each.rows_sent)).toEqual([1, 5]);
    state = applyLive(state, attempt(2));
    expect(state.paths).toEqual([]);
  });
  it("puts changes into a list", () => {
    const list = [execution(3, 2), execution(2, 7)];
    const merged = mergeExecutions(list, [execution(3, 7), execution(4, 5)], {}, 10);
    expect(merged.map((e) => [e.execution_id, e.status])).toEqual([
      [4, 5],
      [3, 7],
      [2, 7],
    ]);
  });
  it("takes what no longer passes out of a filtered list", () => {
    const list = [execution(3, 2)];
    expect(mergeExecutions(list, [execution(3, 7)], { status: "2" }, 10)).toEqual([]);
  });
  it("leaves out what belongs to a later page", () => {
    const list = [execution(9, 7), execution(8, 7)];
    expect(mergeExecutions(list, [execution(3, 4)], {}, 2)).toEqual(list);
  });
  it("filters as the server does", () => {
    expect(passes(execution(1, 6), { status: "4, ended unexpectedly" })).toBe(true);
    expect(passes(execution(1, 7), { package_name: "a.DTSX" })).toBe(true);
    expect(passes(execution(1, 7), { folder_name: "other" })).toBe(false);
  });
});

describe("parameter", () => {
  it("has a field for each type", () => {
    expect(fieldOf("Boolean")).toBe("boolean");
    expect(fieldOf("Int32")).toBe("number");
    expect(fieldOf("Int64")).toBe("text");
    expect(fieldOf("String")).toBe("text");
  });
  it.each([
    ["Int32", "12", { value: 12 }],
    ["Int32", "1.5", { problem: "a whole number is needed" }],
    ["Double", "1.5", { value: 1.5 }],
    ["Double", "", { problem: "a number is needed" }],
    ["Boolean", "True", { value: true }],
    ["Int64", "9007199254740993", { value: "9007199254740993" }],
  ])("reads %s %s", (type, text, expected) => {
    expect(parameterValue(type, text)).toEqual(expected);
  });
});

describe("server-sent events", () => {
  const whole =
    ': hello\n\nevent: a\ndata: {"x":1}\n\nevent: b\r\ndata: 1\r\ndata: 2\r\n\r\ndata: z\n\n';
  const expected = [
    { event: "a", data: '{"x":1}' },
    { event: "b", data: "1\n2" },
    { event: "message", data: "z" },
  ];
  it("are the same however the stream is cut", () => {
    for (let size = 1; size <= whole.length; size++) {
      const parser = new EventParser();
      const events = [];
      for (let at = 0; at < whole.length; at += size) {
        events.push(...parser.push(whole.slice(at, at + size)));
      }
      expect(events).toEqual(expected);
    }
  });
});
