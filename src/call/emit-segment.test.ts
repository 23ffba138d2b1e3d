import { createSocket } from "node:dgram";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { readDatagram } from "../xray/datagram.ts";
import { emitter } from "./emit-segment.ts";
import { fitDocument } from "./fit-document.ts";
import type { SegmentDocument } from "./segment-document.ts";
import { openSegment } from "./segment-recorder.ts";

async function aDaemon(host = "127.0.0.1") {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  const documents: SegmentDocument[] = [];
  socket.on("message", (bytes) => {
    const read = readDatagram(bytes);
    if (read.kind === "document") documents.push(JSON.parse(new TextDecoder().decode(read.bytes)));
  });
  await new Promise<void>((resolve) => socket.bind(0, host, resolve));
  onTestFinished(() => void socket.close());
  const { port } = socket.address() as AddressInfo;
  return { documents, address: host.includes(":") ? `[${host}]:${port}` : `${host}:${port}` };
}

it("a document arrives at the daemon", async () => {
  const daemon = await aDaemon();
  const segment = openSegment({ name: "shop" });
  segment.close();
  const emit = emitter(daemon.address);
  expect(await emit.send(segment.document())).toBeUndefined();
  await expect.poll(() => daemon.documents).toEqual([segment.document()]);
  emit.close();
  emit.close();
  expect(await emit.send(segment.document())).toBeInstanceOf(Error);
});

it("a daemon may listen on IPv6", async () => {
  const daemon = await aDaemon("::1");
  const emit = emitter(daemon.address);
  await emit.send(openSegment({ name: "shop" }).document());
  await expect.poll(() => daemon.documents.length).toBe(1);
  emit.close();
});

it("a document too large for one datagram goes in several, and nothing is lost", async () => {
  const daemon = await aDaemon();
  const segment = openSegment({ name: "shop" });
  for (let i = 0; i < 400; i++) {
    const step = segment.subsegment(`step ${i}`);
    step.metadata("text", "x".repeat(400));
    step.close();
  }
  segment.close();
  const emit = emitter(daemon.address);
  expect(await emit.send(segment.document())).toBeUndefined();
  const names = () =>
    daemon.documents.flatMap((each) => [each.name, ...(each.subsegments ?? []).map(({ name }) => name)]);
  await expect.poll(() => names().length).toBe(401);
  expect(new Set(names()).size).toBe(401);
  expect(daemon.documents.filter((each) => each.type).every((each) => each.parent_id === segment.id)).toBe(true);
  emit.close();
});

it("a host that does not exist is answered, not thrown", async () => {
  const emit = emitter("daemon.invalid:2000");
  expect(await emit.send(openSegment({ name: "shop" }).document())).toMatchObject({ code: expect.any(String) });
  emit.close();
});

it("an address that is none is refused at once", () => {
  expect(() => emitter("nonsense")).toThrow(expect.objectContaining({ code: "FLUORO_BAD_DAEMON_ADDRESS" }));
});

it("what is too large by itself is trimmed: metadata first, then stacks, then the rest", () => {
  const base = {
    id: "1586929facf44fc1",
    name: "shop",
    trace_id: "1-5759e988-bd862e3fe1be46a994272793",
    start_time: 1,
    end_time: 2,
  };
  const long = "x".repeat(3_000);
  const frame = { path: long, line: 1, label: "f" };
  const exception = { id: "d5a64b01e7e91c0f", type: "Error", message: "no", remote: false, stack: [frame] };
  const cause = { working_directory: "/app", exceptions: [exception] };
  const read = (text: string | undefined) => JSON.parse(text!) as SegmentDocument;

  expect(read(fitDocument({ ...base, metadata: { long } }, 1_000)[0])).toEqual(base);
  expect(read(fitDocument({ ...base, cause, metadata: { long } }, 1_000)[0]).cause).toMatchObject({
    exceptions: [{ message: "no", stack: [] }],
  });
  const huge = { ...base, annotations: { long }, http: { request: { url: `http://a/${long}` } } };
  const [text] = fitDocument(huge, 1_500);
  expect(text!.length).toBeLessThan(1_500);
  expect(read(text)).toMatchObject(base);
});
