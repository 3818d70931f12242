/** Live streams: server-sent events read by `fetch`, so that the token goes in a header. */

import { useEffect, useReducer, useState } from "react";
import { applyLive, EMPTY_LIVE, type LiveState } from "../lib/live";
import { EventParser } from "../lib/sse";
import { authorized } from "./client";
import type { LiveEvent } from "./types";

const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 10_000;

/** What is to be followed does not exist. */
class Missing extends Error {}

/** Reads one stream until it ends; events of a kind that is not known are left out. */
async function readStream(
  url: string,
  signal: AbortSignal,
  opened: () => void,
  take: (events: LiveEvent[]) => void,
): Promise<void> {
  const response = await authorized(
    new Request(url, { signal, headers: { Accept: "text/event-stream" } }),
  );
  if (response.status === 404) throw new Missing();
  if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
  opened();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const parser = new EventParser();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = parser.push(value).map((event) => JSON.parse(event.data) as LiveEvent);
    if (events.length > 0) take(events);
  }
}

/** Keeps a stream open until the signal; begins again with growing pauses. True: not there. */
async function follow(
  url: () => string,
  signal: AbortSignal,
  connected: (is: boolean) => void,
  take: (events: LiveEvent[]) => void,
): Promise<boolean> {
  let pause = RETRY_MS_MIN;
  let ended = false;
  while (!signal.aborted && !ended) {
    try {
      await readStream(
        url(),
        signal,
        () => {
          pause = RETRY_MS_MIN;
          connected(true);
        },
        (events) => {
          ended ||= events.some((event) => event.kind === "end");
          take(events);
        },
      );
    } catch (error) {
      if (error instanceof Missing) return true;
      // the server is away or refuses the token; the header shows it, and we try again
    }
    if (ended || signal.aborted) return false;
    connected(false);
    await new Promise((resolve) => setTimeout(resolve, pause));
    pause = Math.min(pause * 2, RETRY_MS_MAX);
  }
  return false;
}

/** The stream of changed executions and workers. Returns whether it is open. */
export function useLiveList(take: (event: LiveEvent) => void): boolean {
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    void follow(
      () => "/api/v1/live",
      stop.signal,
      setConnected,
      (events) => events.forEach(take),
    );
    return () => stop.abort();
  }, [take]);
  return connected;
}

/** One execution as it goes on. */
export function useLiveExecution(
  id: number,
): LiveState & { connected: boolean; missing: boolean } {
  const [state, apply] = useReducer(
    (state: LiveState, events: LiveEvent[] | "reset") =>
      events === "reset" ? EMPTY_LIVE : events.reduce(applyLive, state),
    EMPTY_LIVE,
  );
  const [connected, setConnected] = useState(false);
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    let last = 0;
    apply("reset");
    setMissing(false);
    const followed = follow(
      () => `/api/v1/executions/${id}/live?after=${last}`,
      stop.signal,
      setConnected,
      (events) => {
        for (const event of events) {
          if (event.kind === "messages") last = event.data.at(-1)?.event_message_id ?? last;
        }
        apply(events);
      },
    );
    void followed.then((missing) => setMissing(missing && !stop.signal.aborted));
    return () => stop.abort();
  }, [id]);
  return { ...state, connected, missing };
}
