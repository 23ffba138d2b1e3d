import { expect, it, vi } from "vitest";
import { capturePromise } from "./capture-promise.ts";
import { config } from "./config.ts";
import { runWithinSegment } from "./context.ts";
import { EC2Plugin } from "./ec2-plugin.ts";
import { setLogger } from "./logger.ts";
import { namespace } from "./namespace.ts";
import { Segment } from "./segment.ts";
import { segmentUtils } from "./segment-utils.ts";
import { Subsegment } from "./subsegment.ts";
import { TraceID } from "./trace-id.ts";

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
setLogger(log);

it("metadata that goes in a circle is told to the log, and not thrown", () => {
  const segment = new Segment("shop");
  const circle: { self?: unknown } = {};
  circle.self = circle;
  segment.addMetadata("circle", circle);
  segment.close();
  expect(log.error).toHaveBeenCalledWith(expect.stringContaining("shop cannot be sent"));
});

it("members of a prototype are not reached by names", () => {
  const segment = new Segment("shop");
  segment.addMetadata("polluted", true, "__proto__");
  segment.addMetadata("__proto__", { polluted: true });
  segment.addAnnotation("__proto__", true);
  expect({}).not.toHaveProperty("polluted");
  expect(segment.metadata).toBeUndefined();
});

it("what is added to one part goes with its own parts, and counts", () => {
  const segment = new Segment("shop");
  const branch = new Subsegment("branch");
  branch.addNewSubsegment("leaf");
  segment.addSubsegment(branch);
  expect(segment.counter).toBe(2);
  branch.subsegments?.[0]?.close();
  branch.close();
  expect(segment.counter).toBe(0);
  expect(() => segment.addSubsegment({} as Subsegment)).toThrow("no subsegment");
});

it("an error with a cause is told with it; another one after it is told first", () => {
  const segment = new Segment("shop");
  segment.addError(new Error("no tea", { cause: new TypeError("no leaves") }));
  segment.addError("late");
  const { exceptions } = segment.cause as Exclude<Segment["cause"], string | undefined>;
  expect(exceptions.map(({ message }) => message)).toEqual(["late", "no tea", "no leaves"]);
  expect(exceptions[1]?.cause).toBe(exceptions[2]?.id);
});

it("plug-ins tell on each later segment where it runs, when they know", async () => {
  let known: (data?: object) => void = () => undefined;
  const { pluginData, origin } = segmentUtils;
  config([
    {
      originName: "Tea::House",
      getData(callback) {
        known = callback;
      },
    },
  ]);
  expect(new Segment("before").origin).toBe("Tea::House");
  known({ house: { floor: 2 } });
  expect(new Segment("after").aws).toMatchObject({ house: { floor: 2 } });
  Object.assign(segmentUtils, { pluginData, origin });
});

it("EC2's plug-in is an origin like any", () => {
  expect(EC2Plugin.originName).toBe("AWS::EC2::Instance");
});

it("trace ids are read in X-Ray's form and in W3C's, and made anew where they are none", () => {
  const id = "1-5759e988-bd862e3fe1be46a994272793";
  expect(TraceID.FromString(id).toString()).toBe(id);
  expect(TraceID.FromString("5759e988bd862e3fe1be46a994272793").toString()).toBe(id);
  expect(TraceID.FromString("tea").toString()).toMatch(/^1-[\da-f]{8}-[\da-f]{24}$/);
  expect(TraceID.Invalid().toString()).toBe("1-00000000-000000000000000000000000");
});

it("promises of another library go on where they were asked", () => {
  const waiting: (() => void)[] = [];
  class OtherPromise {
    // biome-ignore lint/suspicious/noThenProperty: it stands for a promise.
    then(onFulfilled: () => void): void {
      waiting.push(onFulfilled);
    }
    catch(onRejected: () => void): void {
      waiting.push(onRejected);
    }
  }
  capturePromise.patchThirdPartyPromise(OtherPromise);
  capturePromise.patchThirdPartyPromise(OtherPromise);
  const segment = new Segment("shop");
  const found: unknown[] = [];
  runWithinSegment(segment, () => {
    new OtherPromise().then(() => found.push(namespace.get("segment")));
    new OtherPromise().catch(() => found.push(namespace.get("segment")));
  });
  for (const each of waiting) each();
  expect(found).toEqual([segment, segment]);
});
