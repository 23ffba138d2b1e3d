import { describeFailure } from "./aws-errors.ts";
import type { Api, Operation } from "./operation.ts";
import { readBody } from "./read-body.ts";

/** What is to be answered: a status, what AWS's clients call the error if it is one, and a body to be sent as JSON. */
export interface OperationAnswer {
  readonly status: number;
  readonly errorType?: string;
  readonly body: object;
}

export interface OperationCall {
  readonly method: string;
  readonly path: string;
  readonly body: Buffer;
  readonly userAgent?: string | undefined;
  readonly via?: string | undefined;
}

/** Answers these operations without a server of their own, and `undefined` to anything else. Never throws. */
export function answerOperations<Needs extends keyof Api>(
  operations: readonly Operation<Needs>[],
  api: Pick<Api, Needs | "log">,
): (call: OperationCall) => Promise<OperationAnswer | undefined> {
  return async ({ method, path, body, userAgent, via }) => {
    const operation = operations.find((each) => method === "POST" && each.path === path);
    if (operation === undefined) return undefined;
    try {
      return { status: 200, body: await operation.run(await readBody(body), api, { userAgent, via }) };
    } catch (error) {
      const { status, code, body, isOurs } = describeFailure(error);
      if (isOurs) api.log.error({ path, error: String(error) }, "answering a request failed");
      return { status, errorType: code, body };
    }
  };
}
