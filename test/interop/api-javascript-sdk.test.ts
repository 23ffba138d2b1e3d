import * as sdk from "@aws-sdk/client-xray";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operations } from "../../src/api/operations.ts";
import { type Account, anAccount } from "./an-account.ts";
import { apiCases, fillIn, type OperationCases } from "./api-cases.ts";

/** The cases of api-cases.json through AWS's SDK for JavaScript, which checks nothing of what it sends. */
let account: Account;
let fresh = 0;
beforeAll(async () => {
  account = await anAccount();
});
afterAll(() => account?.close());

describe.each(Object.entries(apiCases.operations))("%s", (name, cases) => {
  it.each([cases.least, ...cases.full].map((input) => [JSON.stringify(input).slice(0, 80), input] as const))(
    "is answered: %s",
    async (_, input) => {
      const { answer, raw } = await call(name, cases, input);
      // What the SDK does not know, or knows by another type, is not in its answer.
      expect(withoutUndefined(answer)).toEqual(withDates(raw));
    },
  );

  const required = Object.keys(cases.least);
  it.skipIf(required.length === 0).each(required)("is refused without %s", async (member) => {
    const { [member]: _, ...rest } = cases.least as Record<string, unknown>;
    await expect(call(name, cases, rest)).rejects.toMatchObject({
      name: "InvalidRequestException",
      message: expect.stringContaining(member),
      $metadata: { httpStatusCode: 400 },
    });
  });
});

/** Sends an input between what the table wants before and after it. `raw` is the same answer as it came. */
async function call(name: string, { before, after }: OperationCases, template: object) {
  fresh += 1;
  const words: Record<string, unknown> = { ...account.values, fresh: `js-${fresh}` };
  if (before !== undefined) words.before = (await send(before[0], fillIn(before[1], words))).raw;
  const input = fillIn(template, words);
  try {
    return await send(name, input);
  } finally {
    const tidyUp = async (): Promise<unknown> => after && send(after[0], fillIn(after[1], { ...words, sent: input }));
    // What was refused has left nothing to take away.
    await tidyUp().catch(() => undefined);
  }
}

type Command = Parameters<typeof account.client.send>[0];

async function send(name: string, input: unknown): Promise<{ answer: object; raw: object }> {
  const commands = sdk as unknown as Record<string, new (input: unknown) => Command>;
  const command = new commands[`${name}Command`]!(withDates(input));
  let raw = "";
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { body: AsyncIterable<Uint8Array> };
      const chunks: Uint8Array[] = [];
      for await (const chunk of response.body) chunks.push(chunk);
      raw = Buffer.concat(chunks).toString();
      response.body = Buffer.concat(chunks) as never;
      return result;
    },
    { step: "deserialize", priority: "low" },
  );
  const { $metadata, ...answer } = (await account.client.send(command)) as unknown as { $metadata: object };
  return { answer, raw: JSON.parse(raw || "{}") as object };
}

/** Members whose names say that they are times. */
const isTime = (key: string): boolean =>
  /(Time|Timestamp|At|TTL|LastRuleModification)$/.test(key) && key !== "ResponseTime";

function withDates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDates);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isTime(key) && typeof item === "number" && key !== "TotalResponseTime"
        ? new Date(Math.round(item * 1000))
        : withDates(item),
    ]),
  );
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(members.map(([key, item]) => [key, withoutUndefined(item)]));
}

it("the table has the operations that are served, and no others", () => {
  expect(Object.keys(apiCases.operations)).toEqual(operations.map(({ name }) => name));
});
