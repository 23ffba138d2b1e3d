import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { aDocument, aStreamedSubsegment, aWireSubsegment } from "../../test/fixtures/builders.ts";
import { encodeRequest } from "../../test/fixtures/otlp-protobuf.ts";
import { aRequest, aSpan, attributesOf, hexOf } from "../../test/fixtures/otlp-requests.ts";
import type { Log } from "../log.ts";
import type { HttpAnswer, HttpClient, HttpRequest } from "./http-client.ts";
import { otlpWayOut } from "./otlp-way-out.ts";
import { ForwardError, type Outcome } from "./way-out.ts";

interface Sent {
  readonly url: string;
  readonly request: HttpRequest;
}

/** An HTTP client that answers what it is told, and keeps what it was asked. */
function clientThat(answer: Partial<HttpAnswer>): HttpClient & { sent: Sent[]; closed: number } {
  const client = {
    sent: [] as Sent[],
    closed: 0,
    async request(url: URL, request: HttpRequest) {
      client.sent.push({ url: url.href, request });
      return { status: 200, headers: {}, body: Buffer.from("{}"), ...answer };
    },
    async close() {
      client.closed += 1;
    },
  };
  return client;
}

const bytes = (text: string): Uint8Array => Buffer.from(text);
const quiet = new AbortController().signal;
const answering = (body: unknown): Partial<HttpAnswer> => ({ body: Buffer.from(JSON.stringify(body)) });

function send(
  answer: Partial<HttpAnswer>,
  documents: readonly string[],
  options: Partial<Parameters<typeof otlpWayOut>[0]> = {},
): { client: ReturnType<typeof clientThat>; outcomes: Promise<readonly Outcome[]> } {
  const client = clientThat(answer);
  const wayOut = otlpWayOut({ url: new URL("http://collector:4318"), http: client, ...options });
  return { client, outcomes: wayOut.send(documents.map(bytes), quiet) };
}

const jsonOf = ({ request }: Sent) => {
  const isPacked = request.headers?.["content-encoding"] === "gzip";
  return JSON.parse((isPacked ? gunzipSync(request.body!) : Buffer.from(request.body!)).toString());
};

describe("requests", () => {
  it.each([
    ["http://collector:4318", "http://collector:4318/v1/traces"],
    ["http://collector:4318/", "http://collector:4318/v1/traces"],
    ["http://collector:4318/v1/traces", "http://collector:4318/v1/traces"],
    ["https://tempo.example.com/otlp/?tenant=a", "https://tempo.example.com/otlp/v1/traces?tenant=a"],
  ])("to %s go to %s", async (given, asked) => {
    const { client, outcomes } = send({}, [aDocument()], { url: new URL(given) });
    await outcomes;
    expect(client.sent.map(({ url }) => url)).toEqual([asked]);
  });

  it("are JSON with the caller's headers; small ones go as they are, large ones gzipped", async () => {
    const options = { headers: { "api-key": "k" }, userAgent: "fluoroscope/1" };
    const small = send({}, [aDocument()], options);
    const large = send({}, Array(20).fill(aDocument()), options);
    expect(await small.outcomes).toEqual([undefined]);
    expect(await large.outcomes).toEqual(Array(20).fill(undefined));
    expect(small.client.sent[0]!.request).toMatchObject({ method: "POST", signal: quiet });
    expect(small.client.sent[0]!.request.headers).toEqual({
      "api-key": "k",
      "content-type": "application/json",
      "user-agent": "fluoroscope/1",
    });
    expect(large.client.sent[0]!.request.headers).toMatchObject({ "content-encoding": "gzip" });
    expect(jsonOf(small.client.sent[0]!).resourceSpans).toHaveLength(1);
    expect(jsonOf(large.client.sent[0]!).resourceSpans[0].scopeSpans[0].spans).toHaveLength(20);
  });

  it("are not gzipped for a receiver on the same machine", async () => {
    const { client, outcomes } = send({}, Array(20).fill(aDocument()), { url: new URL("http://127.0.0.1:4318") });
    await outcomes;
    expect(client.sent[0]!.request.headers).not.toHaveProperty("content-encoding");
    expect(jsonOf(client.sent[0]!).resourceSpans[0].scopeSpans[0].spans).toHaveLength(20);
  });

  it("leave out a document that cannot be read: it is unprocessed with its problem, the others are sent", async () => {
    const { client, outcomes } = send({}, [aDocument(), "no json", aDocument({ name: "" }), aDocument()]);
    expect(await outcomes).toEqual([
      undefined,
      { code: "InvalidJson", message: expect.stringContaining("ErrorCode: InvalidJson"), retryable: false },
      expect.objectContaining({ code: "MissingName", segmentId: expect.stringMatching(/^[0-9a-f]{16}$/) }),
      undefined,
    ]);
    expect(jsonOf(client.sent[0]!).resourceSpans[0].scopeSpans[0].spans).toHaveLength(2);
  });

  it("are not made when no document can be read", async () => {
    const { client, outcomes } = send({}, ["[]", "x"]);
    expect((await outcomes).map((outcome) => outcome?.code)).toEqual(["InvalidSegment", "InvalidJson"]);
    expect(client.sent).toEqual([]);
  });

  it("carry no secrets of URLs", async () => {
    const http = { request: { url: "http://user:hidden@shop/?token=hidden" } };
    const { client, outcomes } = send({}, [aDocument({ http })]);
    await outcomes;
    expect(JSON.stringify(jsonOf(client.sent[0]!))).not.toContain("hidden");
  });

  it("tell of parts of a document that had to be left out", async () => {
    const warned: object[] = [];
    const log: Log = { debug() {}, info() {}, warn: (fields) => warned.push(fields), error() {} };
    const document = aDocument({ subsegments: [aWireSubsegment({ id: "bad" })] });
    expect(await send({}, [document], { log }).outcomes).toEqual([undefined]);
    expect(warned).toMatchObject([{ code: "InvalidId" }]);
  });

  it("are made one in a turn of the event loop, so that sockets are read in between", async () => {
    const order: string[] = [];
    const client = clientThat({});
    const http: HttpClient = {
      ...client,
      request(...asked) {
        order.push("request");
        return client.request(...asked);
      },
    };
    const wayOut = otlpWayOut({ url: new URL("http://collector:4318"), http });
    const sends = Array.from({ length: 3 }, () => wayOut.send([bytes(aDocument())], quiet));
    const tick = (): void => {
      order.push("turn");
      if (order.length < 6) setImmediate(tick);
    };
    setImmediate(tick);
    await Promise.all(sends);
    expect(order.join(" ")).not.toContain("request request");
  });

  it("are made of spans that came in a document's place, too", async () => {
    const traceId = hexOf("a datagram", 16);
    const url = "http://user:hidden@shop/?token=hidden";
    const spans = [
      aSpan({ traceId, spanId: hexOf(1, 8), kind: 2, attributes: attributesOf({ "url.full": url }) }),
      aSpan({ traceId, spanId: hexOf(2, 8), parentSpanId: hexOf(1, 8), kind: 3 }),
      aSpan({ traceId, spanId: "" }),
    ];
    const warned: object[] = [];
    const log: Log = { debug() {}, info() {}, warn: (fields) => warned.push(fields), error() {} };
    const datagram = `T1S${Buffer.from(encodeRequest(aRequest(spans))).toString("base64")}`;
    const empty = `T1U${Buffer.from(encodeRequest(aRequest([]))).toString("base64")}`;
    const { client, outcomes } = send({}, [aDocument(), datagram, "T1S!", empty], { log });
    expect((await outcomes).map((outcome) => outcome?.code)).toEqual([undefined, undefined, "InvalidOtlp", undefined]);
    const sent = JSON.stringify(jsonOf(client.sent[0]!));
    for (const id of [traceId, hexOf(1, 8), hexOf(2, 8)]) expect(sent).toContain(id);
    expect(sent).not.toContain("hidden");
    expect(warned).toMatchObject([{ code: "InvalidId" }]);
  });

  it("give a streamed subsegment the service of its segment", async () => {
    const segment = aDocument({ id: "00000000000000a1", name: "orders" });
    const streamed = aStreamedSubsegment({ parent_id: "00000000000000a1" });
    const { client, outcomes } = send({}, [streamed, segment]);
    await outcomes;
    expect(jsonOf(client.sent[0]!).resourceSpans).toHaveLength(1);
  });
});

describe("answers", () => {
  it.each(["", "{}", '{"partialSuccess":{}}', '{"partialSuccess":{"rejectedSpans":"0"}}'])(
    "200 with %j takes all",
    async (body) => {
      expect(await send({ body: Buffer.from(body) }, [aDocument(), aDocument()]).outcomes).toEqual([
        undefined,
        undefined,
      ]);
    },
  );

  it("a warning without rejected spans takes all, and is logged", async () => {
    const warned: object[] = [];
    const log: Log = { debug() {}, info() {}, warn: (fields) => warned.push(fields), error() {} };
    const body = { partialSuccess: { errorMessage: "use gRPC" } };
    expect(await send(answering(body), [aDocument()], { log }).outcomes).toEqual([undefined]);
    expect(warned).toMatchObject([{ errorMessage: "use gRPC", rejectedSpans: 0 }]);
  });

  it.each([
    [1, [false, false, true]],
    [2, [false, false, true]],
    [3, [false, true, true]],
    [5, [true, true, true]],
    ["99", [true, true, true]],
    [-1, [false, false, false]],
  ])("%s rejected of 2 + 1 + 2 spans: as many documents count as it takes to hold them", async (rejected, expected) => {
    const two = (): string => aDocument({ subsegments: [aWireSubsegment()] });
    const body = { partialSuccess: { rejectedSpans: rejected, errorMessage: "too old" } };
    const outcomes = await send(answering(body), [two(), aDocument(), "x", two()]).outcomes;
    expect(outcomes[2]).toMatchObject({ code: "InvalidJson" });
    const others = [outcomes[0], outcomes[1], outcomes[3]];
    expect(others.map((outcome) => outcome !== undefined)).toEqual(expected);
    for (const outcome of others.filter((one) => one !== undefined)) {
      expect(outcome).toMatchObject({ code: "RejectedSpans", retryable: false });
      expect(outcome.message).toMatch(/rejected \d of the 5 spans in a request, saying: too old\./);
    }
  });

  it.each([
    [408, "retry", "4xx"],
    [429, "retry", "4xx"],
    [502, "retry", "5xx"],
    [503, "retry", "5xx"],
    [504, "retry", "5xx"],
    [400, "split", "4xx"],
    [413, "split", "4xx"],
    [401, "hold", "4xx"],
    [403, "hold", "4xx"],
    [404, "hold", "4xx"],
    [500, "hold", "5xx"],
    [302, "hold", "other"],
  ])("%i means %s", async (status, advice, kind) => {
    const body = Buffer.from(JSON.stringify({ code: 3, message: "the reason" }));
    const failure = await failureOf(send({ status, body }, [aDocument()]).outcomes);
    expect(failure).toMatchObject({ code: "FLUORO_FORWARD", status, advice, kind, retryAfterMs: undefined });
    expect(failure.message).toContain(`otlp http://collector:4318 answered ${status} (the reason).`);
  });

  it.each([
    ["7", 7000],
    ["Tue, 14 Nov 2023 22:13:30 GMT", 10_000],
  ])("Retry-After: %s is passed on", async (header, ms) => {
    const answer = { status: 503, headers: { "retry-after": header } };
    const { outcomes } = send(answer, [aDocument()], { now: () => 1_700_000_000_000 });
    expect(await failureOf(outcomes)).toMatchObject({ advice: "retry", retryAfterMs: ms });
  });

  it.each(["<html>Sign in</html>", "OK", "[]", "\u0000\u0001"])(
    "200 with %j was written by no receiver: nothing counts as taken",
    async (body) => {
      const failure = await failureOf(send({ body: Buffer.from(body) }, [aDocument()]).outcomes);
      expect(failure).toMatchObject({ advice: "hold", status: 200 });
      expect(failure.message).toMatch(/Check that the URL is that of an OTLP\/HTTP receiver/);
    },
  );
});

it("closing closes the client, and may be done twice", async () => {
  const client = clientThat({});
  const wayOut = otlpWayOut({ url: new URL("http://user:pw@collector:4318/x"), http: client });
  expect(wayOut.name).toBe("otlp http://collector:4318");
  await wayOut.close();
  await wayOut.close();
  expect(client.closed).toBe(2);
});

async function failureOf(outcomes: Promise<unknown>): Promise<ForwardError> {
  const failure = await outcomes.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof ForwardError) return failure;
  throw new Error(`This should have failed with a ForwardError, not with ${String(failure)}`);
}
