import { afterAll, beforeAll, expect, it } from "vitest";
import { operations } from "../../src/api/operations.ts";
import type { Check } from "../../src/api/validate.ts";
import type { Log } from "../../src/log.ts";
import { type AServer, aServer, putFixtures } from "../conformance/a-server.ts";
import { apiFixtures, fixtureTraceId } from "../fixtures/api-fixtures.ts";
import { aDocument } from "../fixtures/builders.ts";
import { chance } from "../fixtures/chance.ts";
import { jsonWords } from "./door.ts";
import { mutate } from "./mutate.ts";
import { expectNoPollution } from "./no-pollution.ts";

/** For all operations together; by hand: FUZZ_SECONDS=3600 npx vitest run --project hostile api-bodies */
const seconds = Number(process.env.FUZZ_SECONDS ?? 0);
const seed = Number(process.env.FUZZ_SEED ?? 20_261_124);
const rounds = 24;

const failures: object[] = [];
const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (fields, message) => failures.push({ ...fields, message }),
};

let server: AServer;
beforeAll(async () => {
  server = await aServer({}, log);
  await putFixtures(server);
});
afterAll(() => server?.close());

const pick = chance(seed);
const any = <T>(values: readonly T[]): T => values[pick(values.length)]!;

/** What members are often named, filled in so that bodies get past the first look. */
const likely: Readonly<Record<string, () => unknown>> = {
  StartTime: () => 1_699_999_000,
  EndTime: () => 1_700_001_000,
  TraceIds: () => [fixtureTraceId(apiFixtures.traces[0]!.n)],
  TraceSegmentDocuments: () => [aDocument()],
  FilterExpression: () => any(["fault", 'service("web")', 'annotation.a = "b"', "duration >", ""]),
  RetrievalToken: () => any(["x", ""]),
  GroupName: () => any(["Default", "a", "__proto__"]),
  RuleName: () => any(["Default", "a", "constructor"]),
  ResourceARN: () => "arn:aws:xray:eu-west-1:123456789012:group/a/b",
};
const odd: readonly (() => unknown)[] = [
  () => null,
  () => -1,
  () => 1e308,
  () => "\ud800",
  () => "\u0000\r\n\u001b[31m",
  () => "x".repeat(pick(3_000)),
  () => [],
  () => ({}),
  () => [[[]]],
  () => true,
  () => ({ ["__proto__"]: { polluted: 1 } }),
];

/** A body that has the operation's members, some of them of another kind than they should be. */
function bodyFor(check: Check<unknown>, depth = 0): unknown {
  const { members, says } = check;
  if (pick(12) === 0) return any(odd)();
  if (members === undefined) return valueFor(says);
  const made = Object.entries(members)
    .filter(([, member]) => !("isOptional" in member) || pick(2) === 0)
    .map(([name, member]) => {
      const value = pick(3) > 0 && Object.hasOwn(likely, name) ? likely[name]!() : bodyFor(member, depth + 1);
      return [name, value];
    });
  const object = Object.fromEntries(made);
  return says.startsWith("list of") ? Array.from({ length: pick(4) }, () => object) : object;
}

function valueFor(says: string): unknown {
  if (says.startsWith("list of")) return Array.from({ length: pick(4) }, () => valueFor(says.slice(8)));
  if (says.startsWith("map of")) return { a: "b", constructor: 1, ["__proto__"]: "c" };
  if (says.startsWith("text")) return any(["a", "", "Default", "arn:aws:xray:eu-west-1:123456789012:group/a/b", "*"]);
  if (says.includes("number")) return any([0, 1, -1, 0.5, 1e12, 1e300]);
  if (says === "time") return any([0, 1_700_000_000, -1, 8.64e12, "2023-11-14", "never"]);
  if (says.startsWith("true")) return pick(2) === 0;
  return any(says.split(", "));
}

it.each(operations.map((operation) => [operation.name, operation] as const))(
  "%s answers whatever is asked, and never with a failure of its own",
  { timeout: 60_000 + seconds * 1_000 },
  async (_name, { path, request }) => {
    const endMs = performance.now() + (seconds * 1_000) / operations.length;
    const statuses = new Set<number>();
    for (let round = 0; round < rounds || performance.now() < endMs; round += 1) {
      const sound = Buffer.from(JSON.stringify(bodyFor(request)));
      const body = round % 3 === 2 ? mutate([sound], jsonWords, pick) : sound;
      const answer = await fetch(server.addresses.http + path, { method: "POST", body: new Uint8Array(body) });
      const text = await answer.text();
      statuses.add(answer.status);
      const said = { path, body: Buffer.from(body).toString("base64"), answer: text, failures };
      expect([200, 400, 404, 409, 413, 429], JSON.stringify(said)).toContain(answer.status);
      expect(JSON.parse(text)).toBeTypeOf("object");
      expect(answer.headers.has("x-amzn-errortype")).toBe(answer.status !== 200);
    }
    expect(failures).toEqual([]);
    expect(statuses.size).toBeGreaterThan(0);
    expectNoPollution();
  },
);

it("it has gone on through all of it", async () => {
  expect((await fetch(`${server.addresses.http}/healthz`)).status).toBe(200);
});
