// One contender of bench/sdk.ts, in a process of its own: opens a root with one child as often as it is told, as an
// asynchronous application does, and prints microseconds of CPU per span. Run: node work.mjs <contender> <roots>
import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { setImmediate as turn } from "node:timers/promises";

const [contender, roots] = [process.argv[2], Number(process.argv[3])];
const [host, port] = process.env.AWS_XRAY_DAEMON_ADDRESS.split(":");
const perTurn = 500;

const contenders = {
  none: async () => async () => {
    await work();
    await work();
  },
  recorder: recorderByHand,
  "xray-sdk": () => xraySdk("aws-xray-sdk-core", false),
  "xray-sdk, unsampled": () => xraySdk("aws-xray-sdk-core", true),
  compat: () => xraySdk(process.env.FLUOROSCOPE_COMPAT, false),
  fluoroscope: () => fluoroscope({ sampling: "always" }),
  "fluoroscope, nobody listens": () => fluoroscope({ sampling: "always" }),
  "fluoroscope, unsampled": () => fluoroscope({ sampling: "local", localRules: none }),
};

/** A local rules file that records nothing. */
const none = { version: 2, rules: [], default: { fixed_target: 0, rate: 0 } };

if (contender.endsWith(", memory")) await measureMemory();

const operation = await contenders[contender]();
await measure(Math.ceil(roots / 4));
console.log(await measure(roots));
process.exit(0);

/** Prints by how many MB the heap has grown between a tenth of the spans and all of them. */
async function measureMemory() {
  const traced = await fluoroscope({ sampling: "always" });
  const grow = async (count) => {
    for (let done = 0; done < count; done += perTurn) {
      await Promise.all(Array.from({ length: perTurn }, () => traced()));
    }
    globalThis.gc();
    return process.memoryUsage().heapUsed + process.memoryUsage().external;
  };
  const before = await grow(roots / 10);
  console.log(((await grow(roots - roots / 10)) - before) / 1e6);
  process.exit(0);
}

/** What an application does in a span: it awaits functions that await something from outside. */
async function work() {
  await inner();
  await inner();
}

async function inner() {
  await turn();
}

async function measure(count) {
  const before = process.cpuUsage();
  for (let done = 0; done < count; done += perTurn) {
    await Promise.all(Array.from({ length: perTurn }, () => operation()));
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (2 * count);
}

async function fluoroscope(options) {
  const { init } = await import(process.env.FLUOROSCOPE_SDK);
  init({ name: "bench", ...options });
  const { trace } = await import("@opentelemetry/api");
  const tracer = trace.getTracer("bench");
  return () =>
    tracer.startActiveSpan("root", async (root) => {
      root.setAttribute("one", 1).setAttribute("two", "two");
      await work();
      await tracer.startActiveSpan("child", async (child) => {
        child.setAttribute("three", true);
        await work();
        child.end();
      });
      root.end();
    });
}

/** X-Ray's SDK, or what stands for it. */
async function xraySdk(module, notTraced) {
  const { default: xray } = await import(module);
  xray.setContextMissingStrategy("IGNORE_ERROR");
  const namespace = xray.getNamespace();
  return () =>
    namespace.runAndReturn(async () => {
      const segment = new xray.Segment("root");
      segment.notTraced = notTraced;
      xray.setSegment(segment);
      segment.addAnnotation("one", 1);
      segment.addAnnotation("two", "two");
      await work();
      await xray.captureAsyncFunc("child", async (child) => {
        child.addAnnotation("three", true);
        await work();
        child.close();
      });
      segment.close();
    });
}

/** As little as can be written for the same documents. */
async function recorderByHand() {
  const storage = new AsyncLocalStorage();
  const socket = createSocket("udp4");
  await new Promise((resolve) => socket.connect(Number(port), host, resolve));
  const id = () => randomBytes(8).toString("hex");
  const open = (name) => ({ id: id(), name, start_time: Date.now() / 1000, annotations: {}, subsegments: [] });
  return () => {
    const root = open("root");
    root.trace_id = `1-${Math.floor(root.start_time).toString(16)}-${randomBytes(12).toString("hex")}`;
    return storage.run(root, async () => {
      root.annotations.one = 1;
      root.annotations.two = "two";
      await work();
      const child = open("child");
      storage.getStore().subsegments.push(child);
      await storage.run(child, async () => {
        child.annotations.three = true;
        await work();
        child.end_time = Date.now() / 1000;
      });
      root.end_time = Date.now() / 1000;
      socket.send(`{"format":"json","version":1}\n${JSON.stringify(root)}`);
    });
  };
}
