import { expect, it } from "vitest";
import type { Counters, GetServiceGraphResponse, WireTraceSummary } from "../../api/wire.ts";
import { progressOf } from "./progress.ts";

const counters: Counters = { received: 0, accepted: 0, refused: 0, dropped: 0, waiting: 0, stored: 0 };
const trace = {} as WireTraceSummary;
const graphOf = (...services: object[]): GetServiceGraphResponse => ({ Services: services }) as never;

it("nothing is done while nothing has come", () => {
  expect(progressOf(counters, [], undefined)).toEqual({
    isReached: false,
    isParsed: false,
    hasTrace: false,
    hasDownstream: false,
  });
});

it("a refused document shows that the daemon is reached, and no more", () => {
  expect(progressOf({ ...counters, received: 1, refused: 1 }, [], undefined)).toMatchObject({
    isReached: true,
    isParsed: false,
  });
});

it("a client that calls its service is no call downstream; the service's own call is", () => {
  const client = { ReferenceId: 0, Type: "client", Edges: [{ ReferenceId: 1 }] };
  expect(progressOf(counters, [trace], graphOf(client, { ReferenceId: 1, Edges: [] }))).toMatchObject({
    hasTrace: true,
    hasDownstream: false,
  });
  const calling = graphOf(client, { ReferenceId: 1, Edges: [{ ReferenceId: 2 }] }, { ReferenceId: 2, Edges: [] });
  expect(progressOf(counters, [trace], calling).hasDownstream).toBe(true);
});
