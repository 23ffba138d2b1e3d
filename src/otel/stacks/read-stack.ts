import { readDotnetStack } from "./dotnet.ts";
import { readGoStack } from "./go.ts";
import { readJavaStack } from "./java.ts";
import { readJavaScriptStack } from "./javascript.ts";
import { readPhpStack } from "./php.ts";
import { readPythonStack } from "./python.ts";
import { readRubyStack } from "./ruby.ts";
import type { ReadStack, TracedException } from "./stack.ts";

/**
 * Reads a stack trace in whatever language it is. It is told by its lines: `telemetry.sdk.language` is missing or wrong
 * when spans went through other systems. OpenTelemetry for PHP writes traces as Java does.
 */
export function readStack(text: string): readonly TracedException[] {
  const shape = shapes.find(([pattern]) => pattern.test(text));
  return shape === undefined ? [] : shape[1](text);
}

const shapes: readonly (readonly [pattern: RegExp, read: ReadStack])[] = [
  [/^Traceback \(most recent call last\):/m, readPythonStack],
  [/^\tat /m, readJavaStack],
  [/^ {3}at /m, readDotnetStack],
  [/^ {4,}at /m, readJavaScriptStack],
  [/^\t\/?[^\t\n]+:\d+(?: \+0x[\da-f]+)?$/m, readGoStack],
  [/^#\d+ /m, readPhpStack],
  [/^.+:\d+:in [`']/m, readRubyStack],
  [/^[^@\r\n\u2028\u2029]*@[^@\r\n\u2028\u2029]+:\d+:\d+$/m, readJavaScriptStack],
];
