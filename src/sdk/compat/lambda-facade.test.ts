import { afterEach, expect, it, vi } from "vitest";
import { setContextMissingStrategy } from "./context-missing.ts";
import { isLambdaFacade, lambdaFacade, populateTraceData, validTraceData } from "./lambda-facade.ts";
import { setLogger } from "./logger.ts";
import { Segment } from "./segment.ts";

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
setLogger(log);

const place = globalThis as { awslambda?: { InvokeStore: { getXRayTraceId(): string } } };
const root = "1-5759e988-bd862e3fe1be46a994272793";
const invoke = (header: string): Segment => {
  place.awslambda = { InvokeStore: { getXRayTraceId: () => header } };
  return lambdaFacade();
};

afterEach(() => {
  delete place.awslambda;
  vi.clearAllMocks();
});

it("invocations that are answered at one time keep their own trace", () => {
  const one = invoke(`Root=${root};Parent=53995c3f42cd8ad8;Sampled=1`);
  const subsegment = one.addNewSubsegment("slow");
  const other = invoke("Root=1-5759e988-000000000000000000000001;Parent=53995c3f42cd8ad9;Sampled=1");
  expect(other.trace_id).toBe("1-5759e988-000000000000000000000001");
  expect(subsegment.segment).toMatchObject({ trace_id: root, id: "53995c3f42cd8ad8" });
  expect(invoke(`Root=${root};Parent=53995c3f42cd8ad8;Sampled=1`)).toBe(one);
});

it("what Lambda passes through is not recorded, and nothing is told to callees", () => {
  const passed = invoke(`Root=${root}`);
  expect(passed).toMatchObject({ noOp: true, notTraced: true, trace_id: root });
  expect(passed.addNewSubsegment("call")).toMatchObject({ noOp: true, notTraced: true });
});

it("nothing can be recorded on Lambda's own segment, and trying says so", () => {
  const facade = invoke(`Root=${root};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:1`);
  facade.addAnnotation("tea", "green");
  facade.addError(new Error("broken"));
  facade.close();
  expect(log.warn).toHaveBeenCalledTimes(2);
  expect(facade.annotations).toBeUndefined();
  expect(isLambdaFacade(facade)).toBe(true);
  expect(facade.isClosed()).toBe(true);
});

it("where Lambda names no trace, there is a segment that is not sent", () => {
  const told = vi.fn();
  setContextMissingStrategy(told);
  expect(lambdaFacade().notTraced).toBe(true);
  expect(told).toHaveBeenCalledOnce();
});

it("headers are told apart as X-Ray's SDK does", () => {
  expect(validTraceData(`Root=${root};Parent=53995c3f42cd8ad8;Sampled=1`)).toBe(true);
  expect(validTraceData(`Root=${root}`)).toBe(false);
  expect(populateTraceData(new Segment("f"), `Root=${root}`)).toBe(true);
  expect(populateTraceData(new Segment("f"), "Root=garbage;Parent=53995c3f42cd8ad8;Sampled=1")).toBe(false);
});
