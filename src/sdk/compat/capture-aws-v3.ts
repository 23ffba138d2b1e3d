import { awsCall } from "./aws-call.ts";
import { isThrottling } from "./aws-throttling.ts";
import { isAutomaticMode, resolveSegment, type SegmentLike } from "./context.ts";
import { getLogger } from "./logger.ts";
import { outgoingHeader } from "./outgoing-header.ts";
import { safeParseInt } from "./safe-parse-int.ts";
import { flagByStatus } from "./status-cause.ts";
import type { Subsegment } from "./subsegment.ts";

const name = "XRaySDKInstrumentation";

type Members = Readonly<Record<string, unknown>>;

interface Metadata {
  readonly httpStatusCode?: number;
  readonly requestId?: string;
  readonly extendedRequestId?: string;
  readonly attempts?: number;
}

interface Answer {
  readonly output?: Members & { readonly $metadata?: Metadata };
  readonly response?: { readonly headers?: Readonly<Record<string, string>> };
}

interface Call {
  readonly input?: Members;
  readonly request: { readonly headers: Record<string, string> };
}

type Next = (call: Call) => Promise<Answer>;
type Middleware = (next: Next, context: { clientName: string; commandName: string }) => Next;

interface Plugin {
  applyToStack(stack: { add(middleware: Middleware, options: object): unknown }): void;
}

interface Client {
  readonly middlewareStack: { remove(name: string): unknown; use(plugin: Plugin): unknown };
  readonly config: { region?(): Promise<string | undefined> };
}

/** Captures the calls of a client of the AWS SDK, version 3. A second time changes nothing. */
export function captureAWSv3Client<T extends { middlewareStack: { remove: unknown; use: unknown }; config: unknown }>(
  client: T,
  manualSegment?: SegmentLike,
): T {
  const { middlewareStack, config } = client as unknown as Client;
  middlewareStack.remove(name);
  middlewareStack.use({
    applyToStack: (stack) => stack.add(captureCall(config, manualSegment), { name, step: "build" }),
  });
  return client;
}

function captureCall(config: Client["config"], manualSegment: SegmentLike | undefined): Middleware {
  return (next, { clientName, commandName }) =>
    async (call) => {
      const service = clientName.replace(/Client$/, "");
      const command = commandName.replace(/Command$/, "");
      const operation = command.charAt(0).toLowerCase() + command.slice(1);
      const parent = isAutomaticMode() ? resolveSegment() : manualSegment;
      if (!parent) {
        getLogger().info(`The call ${service}.${operation} is not captured: no segment surrounds it, or was given.`);
        return next(call);
      }
      const subsegment = parent.addNewSubsegment(service);
      subsegment.addAttribute("namespace", "aws");
      if (subsegment.noOp !== true) call.request.headers["X-Amzn-Trace-Id"] = outgoingHeader(subsegment);
      const record = async (metadata: Metadata | undefined, answer: Answer | undefined): Promise<void> => {
        const region = await config.region?.();
        addCall(subsegment, { service, operation, region, input: call.input ?? {}, metadata, answer });
      };
      try {
        const answer = await next(call);
        await record(answer.output?.$metadata, answer);
        subsegment.close();
        return answer;
      } catch (error) {
        const { $metadata } = error as { $metadata?: Metadata };
        if ($metadata !== undefined) await record($metadata, undefined);
        if (isThrottling(error)) subsegment.addThrottleFlag();
        subsegment.close(error as Error, true);
        throw error;
      }
    };
}

interface Ended {
  readonly service: string;
  readonly operation: string;
  readonly region: string | undefined;
  readonly input: Members;
  readonly metadata: Metadata | undefined;
  readonly answer: Answer | undefined;
}

function addCall(subsegment: Subsegment, { service, metadata = {}, answer, ...call }: Ended): void {
  const { httpStatusCode: status, requestId, extendedRequestId, attempts = 0 } = metadata;
  const output = answer?.output;
  subsegment.addAttribute(
    "aws",
    awsCall(service, { ...call, requestId, extendedRequestId, retries: attempts, output }),
  );
  const length = answer?.response?.headers?.["content-length"];
  const response = {
    ...(status !== undefined && { status }),
    ...(length !== undefined && { content_length: safeParseInt(length) }),
  };
  subsegment.addAttribute("http", Object.keys(response).length > 0 ? { response } : {});
  if (status !== undefined) flagByStatus(subsegment, status);
}
