import { setTimeout as delay } from "node:timers/promises";
import { buildRequest } from "../call/build-request.ts";
import { describeFailure } from "../call/describe-failure.ts";
import { exchange, type ResponseHead } from "../call/exchange.ts";
import { refusal, unreachable } from "./ask-server.ts";

/** One event of the live stream. `lost` and `back` are ours: the connection broke, and stands again. */
export interface LiveEvent {
  readonly event: string;
  readonly data: string;
}

export interface Following {
  readonly endpoint: string;
  /** An access key as `id:secret`, for servers that want one. */
  readonly key?: string | undefined;
  readonly filter?: string | undefined;
  /** Ends the following. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: LiveEvent) => void;
}

const retryMs = 1_000;
/** Heartbeats come every 15 s; silence for longer means that nobody is there. */
const silenceMs = 45_000;

/**
 * Follows what happens at a fluoroscope until the signal ends it, over broken connections too. Rejects only when it cannot
 * be reached, or refuses, at the first time.
 */
export async function followEvents(following: Following): Promise<void> {
  const { signal, onEvent } = following;
  let wasConnected = false;
  let lastId: string | undefined;
  while (!signal.aborted) {
    const reader = eventReader((event, id) => {
      lastId = id ?? lastId;
      onEvent(event);
    });
    const onOpen = (): void => {
      if (wasConnected) onEvent({ event: "back", data: "" });
      wasConnected = true;
    };
    const error = await stream(following, { lastId, onOpen, onText: reader });
    if (signal.aborted) return;
    if (!wasConnected) throw error;
    onEvent({ event: "lost", data: "" });
    await delay(retryMs, undefined, { signal }).catch(() => undefined);
  }
}

interface Stream {
  readonly lastId: string | undefined;
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
}

/** One connection, to its end. Answers why it is over. */
async function stream(
  { endpoint, key, filter, signal }: Following,
  { lastId, onOpen, onText }: Stream,
): Promise<Error> {
  const query = filter === undefined ? "" : `?filter=${encodeURIComponent(filter)}`;
  const request = buildRequest(`${endpoint}/events${query}`, {
    headers: [
      ["Accept", "text/event-stream"],
      ["Accept-Encoding", undefined],
      ["Last-Event-ID", lastId],
      ["Authorization", key ? `Basic ${Buffer.from(key).toString("base64")}` : undefined],
    ],
  });
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(new Error("silence")), silenceMs);
  const decoder = new TextDecoder();
  let head: ResponseHead | undefined;
  let refused = "";
  const { failure, ...rest } = await exchange(request, {
    now: Date.now,
    decode: true,
    signal: AbortSignal.any([signal, silence.signal]),
    onHead: (given) => {
      head = given;
      if (given.status === 200) onOpen();
    },
    onBody: (chunk) => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(new Error("silence")), silenceMs);
      const text = decoder.decode(chunk, { stream: true });
      if (head?.status === 200) onText(text);
      else refused += text;
    },
  });
  clearTimeout(timer);
  if (head !== undefined && head.status !== 200) return refusal(refused, endpoint, head.status);
  const { code, error } = describeFailure({ ...rest }, failure ?? new Error("the stream ended"));
  return unreachable(endpoint, code ?? error.message, failure);
}

/** Takes the text of a stream piece by piece, and hands on whole events with their ids. */
export function eventReader(onEvent: (event: LiveEvent, id: string | undefined) => void): (text: string) => void {
  let rest = "";
  return (text) => {
    const blocks = (rest + text).split(/\r?\n\r?\n/);
    rest = blocks.pop()!;
    for (const block of blocks) {
      const fields = new Map<string, string>();
      for (const line of block.split(/\r?\n/)) {
        const [, name, value = ""] = /^([^:]+)(?:: ?(.*))?$/.exec(line) ?? [];
        // A line that begins with a colon is a heartbeat.
        if (name !== undefined)
          fields.set(name, name === "data" && fields.has(name) ? `${fields.get(name)}\n${value}` : value);
      }
      const data = fields.get("data");
      if (data !== undefined) onEvent({ event: fields.get("event") ?? "message", data }, fields.get("id"));
    }
  };
}
