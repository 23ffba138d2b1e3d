import { criticalPath } from "../../analysis/critical-path.ts";
import { spanTree } from "../../analysis/span-tree.ts";
import { traceLink } from "../../ask/console-links.ts";
import { waitForTrace } from "../../ask/wait-for-trace.ts";
import { buildRequest } from "../../call/build-request.ts";
import { type CallResult, call } from "../../call/call.ts";
import { headerValue } from "../../call/exchange.ts";
import { phasesOf } from "../../call/phases.ts";
import { describeFailures, describeRows } from "../describe-rows.ts";
import { type AllowedCalls, type Tool, ToolMistake, textOf } from "../tool.ts";

const mostBodyBytes = 4_096;
const mostRows = 40;
const maxTimeMs = 30_000;
const traceWaitMs = 5_000;

/** `call_url`: one traced request to a host that the person at the keyboard has allowed. */
export const callUrl: Tool = {
  name: "call_url",
  title: "Call a URL, traced",
  description:
    "Makes one HTTP request to an allowed host and answers its status, time, phases (DNS, connect, TLS, wait, download), the beginning of the body, and the trace that it caused: what failed, the critical path, the slowest rows. Redirects are not followed.",
  isReadOnly: false,
  inputSchema: {
    type: "object",
    properties: {
      url: { type: "string", description: "http(s)://host:port/path" },
      method: { type: "string", description: "Default GET, with a body POST." },
      headers: { type: "object", additionalProperties: { type: "string" }, description: "Sent beside the usual ones." },
      body: { type: "string" },
    },
    required: ["url"],
  },
  async run(given, { server, calls }) {
    const url = textOf(given, "url") ?? "";
    const allowed = calls ?? { hosts: [], environment: {} };
    const target = buildRequest(url, {}).url;
    if (!isAllowed(target, allowed)) {
      throw new ToolMistake(
        `Calling ${target.host} is not allowed; allowed are: ${allowed.hosts.join(", ") || "none"}. Whoever runs "fluoroscope mcp" may say --allow-call ${target.host}.`,
      );
    }
    const method = textOf(given, "method");
    const body = textOf(given, "body");
    const result = await call(url, {
      ...(method !== undefined && { method }),
      ...(body !== undefined && { body }),
      headers: Object.entries(given.headers ?? {}).map(([name, value]) => [name, String(value)] as const),
      environment: allowed.environment,
      name: "mcp",
      maxTimeMs,
    });
    const { found, isWhole } = await waitForTrace(server, result.trace.id, {
      limitMs: traceWaitMs,
      segmentId: result.trace.segmentId,
      signal: AbortSignal.timeout(traceWaitMs),
    });
    const tree = found && spanTree(found.trace);
    return {
      ...describeResult(result),
      trace: {
        id: result.trace.id,
        isWhole,
        ...(tree && {
          failures: describeFailures(tree),
          criticalPath: criticalPath(tree).shares.slice(0, 10),
          slowest: describeRows(tree)
            .toSorted((a, b) => b.selfMs - a.selfMs)
            .slice(0, mostRows),
        }),
      },
      link: traceLink(server, result.trace.id),
    };
  },
};

/** By host alone, or by host and port. */
function isAllowed({ hostname, port, protocol }: URL, { hosts }: AllowedCalls): boolean {
  const number = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  const wanted = [hostname, `${hostname}:${number}`].map((each) => each.toLowerCase());
  return hosts.some((host) => wanted.includes(host.toLowerCase()));
}

function describeResult({ head, failure, body, bodyBytes, hops, startMs, endMs }: CallResult): object {
  const last = hops.at(-1)!;
  const type = headerValue(head?.headers ?? [], "content-type");
  const isText = /json|text|xml|javascript|urlencoded/.test(type ?? "");
  return {
    status: head?.status,
    failure: failure?.message,
    ms: endMs - startMs,
    phases: phasesOf(last.marks, last.way).map((phase) => ({ name: phase.name, ms: phase.endMs - phase.startMs })),
    contentType: type,
    location: headerValue(head?.headers ?? [], "location"),
    bodyBytes,
    ...(isText && { body: new TextDecoder().decode(body.subarray(0, mostBodyBytes)) }),
  };
}
