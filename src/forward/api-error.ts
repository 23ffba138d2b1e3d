import type { HttpAnswer } from "./http-client.ts";

/** What an answer says went wrong: AWS's code, if it has one, and a text for people. */
export interface ApiError {
  /** Without namespace: `ThrottledException`. Empty when the answer names none. */
  readonly code: string;
  readonly message: string;
}

const longestMessage = 300;

/**
 * Reads AWS's error out of an answer: header `x-amzn-ErrorType`, JSON with `__type` or `code`, or XML. Proxies and load
 * balancers in between answer with pages of their own; then the beginning of their text is the message.
 */
export function readApiError({ headers, body }: HttpAnswer): ApiError {
  const text = body.toString("utf8", 0, 16_384).trim();
  const members = jsonMembers(text);
  const header = headers["x-amzn-errortype"];
  const code = textOf(header) ?? textOf(members.__type) ?? textOf(members.code) ?? xmlElement(text, "Code") ?? "";
  const message = textOf(members.message) ?? textOf(members.Message) ?? xmlElement(text, "Message") ?? plainText(text);
  return { code: withoutNamespace(code), message: message.slice(0, longestMessage) };
}

/** `com.amazonaws.xray#ThrottledException:http://…` is ThrottledException. */
function withoutNamespace(code: string): string {
  const name = code.split(":")[0]!;
  return name.slice(name.lastIndexOf("#") + 1).trim();
}

function jsonMembers(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    // Not JSON: whoever answered is not the API, or nobody taught it.
    return {};
  }
}

function xmlElement(text: string, name: string): string | undefined {
  const start = text.indexOf(`<${name}>`);
  const end = text.indexOf(`</${name}>`, start);
  return start < 0 || end < 0 ? undefined : text.slice(start + name.length + 2, end).trim();
}

function plainText(text: string): string {
  return text
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, " ")
    .replace(/<[^<>]*>/g, " ")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
