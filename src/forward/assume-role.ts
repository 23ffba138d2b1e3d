import { type Credentials, signRequest } from "../sigv4/sign-request.ts";
import { SigningKeys } from "../sigv4/signing-keys.ts";
import { answerFailure, isExpiredCode } from "./answer-failure.ts";
import { readApiError } from "./api-error.ts";
import type { CredentialOptions, CredentialSource, ExpiringCredentials } from "./credentials.ts";
import { awsEndpoint, primaryRegion } from "./endpoint.ts";
import type { HttpAnswer } from "./http-client.ts";
import { ForwardError } from "./way-out.ts";

export interface AssumeRoleOptions extends CredentialOptions {
  readonly roleArn: string;
  /** Of whoever takes the role on. */
  readonly caller: CredentialSource;
}

/** As the original names itself. */
const sessionName = "xray-daemon";

/**
 * Takes on a role, at the region's own STS; where the account has that switched off, at that of the region which is
 * always on. Rejects with a `ForwardError`: hold when STS refuses, retry when it cannot be asked.
 */
export async function assumeRole(options: AssumeRoleOptions): Promise<ExpiringCredentials> {
  const { roleArn, caller, now } = options;
  const credentials = await caller.get();
  let answer = await askSomewhere(options, credentials);
  if (isExpiredCode(readApiError(answer).code)) answer = await askSomewhere(options, await caller.renew(credentials));
  if (answer.status !== 200) throw refused(roleArn, answer, now());
  const text = answer.body.toString("utf8");
  const accessKeyId = element(text, "AccessKeyId");
  const secretAccessKey = element(text, "SecretAccessKey");
  const sessionToken = element(text, "SessionToken");
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined) {
    const message = `STS gave no credentials for ${roleArn}, and no reason. Check AWS_ENDPOINT_URL_STS.`;
    throw new ForwardError(message, { kind: "other", advice: "retry" });
  }
  const expiresAt = Date.parse(element(text, "Expiration") ?? "");
  return { accessKeyId, secretAccessKey, sessionToken, ...(!Number.isNaN(expiresAt) && { expiresAt }) };
}

async function askSomewhere(options: AssumeRoleOptions, credentials: Credentials): Promise<HttpAnswer> {
  const { region } = options;
  const answer = await ask(options, credentials, region);
  const isDisabled = answer.status === 403 && readApiError(answer).code === "RegionDisabledException";
  return isDisabled ? ask(options, credentials, primaryRegion(region)) : answer;
}

function ask(
  { environment, roleArn, externalId, http, now }: AssumeRoleOptions,
  credentials: Credentials,
  region: string,
): Promise<HttpAnswer> {
  const url = awsEndpoint("sts", region, environment);
  const query = new URLSearchParams({
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    ...(externalId !== undefined && { ExternalId: externalId }),
  });
  const body = Buffer.from(query.toString());
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const signing = { credentials, region, service: "sts", now: now(), keys: new SigningKeys() };
  const signed = signRequest({ method: "POST", url, headers, body }, signing);
  return http.request(url, { method: "POST", headers: { ...headers, ...signed }, body });
}

function refused(roleArn: string, answer: HttpAnswer, now: number): ForwardError {
  const { kind, advice, status, retryAfterMs, message } = answerFailure("AWS STS", answer, now);
  if (advice === "retry") return new ForwardError(message, { kind, advice, status, retryAfterMs });
  const { code, message: reason } = readApiError(answer);
  const remedy = "Check its ARN, whom its trust policy names, and the external id.";
  const text = `STS does not let us take on the role ${roleArn} (${[code, reason].filter(Boolean).join(": ")}). ${remedy}`;
  return new ForwardError(text, { kind, advice: "hold", status, code: "FLUORO_NO_CREDENTIALS" });
}

function element(text: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
}
