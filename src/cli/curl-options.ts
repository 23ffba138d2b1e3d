import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { FluoroscopeError } from "../errors.ts";
import type { Terminal } from "./terminal.ts";

/** What curl's options, as far as we take them, say of the request and of what becomes of the response. */
export interface CurlOptions {
  readonly url?: string;
  readonly request?: string;
  readonly header?: readonly string[];
  readonly userAgent?: string;
  readonly location?: boolean;
  readonly maxRedirs?: number;
  readonly insecure?: boolean;
  readonly maxTime?: number;
  readonly connectTimeout?: number;
  readonly head?: boolean;
  readonly include?: boolean;
  readonly output?: string;
  readonly silent?: boolean;
  readonly showError?: boolean;
  readonly fail?: boolean;
  readonly writeOut?: string;
}

/** Data in the order in which it was given, and whether `--json` also asks for our own output as JSON. */
export interface CurlData {
  readonly parts: readonly { readonly kind: "data" | "data-raw" | "data-binary" | "json"; readonly value: string }[];
  readonly wantsJsonOutput: boolean;
  /** What stood behind `--json` but is a URL, not data. */
  readonly strayUrl?: string;
}

/** For an option that may be given more than once. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** Adds the options; the function answered tells the data once they have been read. */
export function addCurlOptions(command: Command): () => CurlData {
  const given: { kind: CurlData["parts"][number]["kind"]; value: string }[] = [];
  let wantsJsonOutput = false;
  let strayUrl: string | undefined;
  command
    .argument("[url]", "the URL; without a scheme it is http")
    .option("-u, --url <url>", "the URL, as an option")
    .option("-X, --request <method>", "the method (default: GET, with data POST)")
    .option("-H, --header <line>", 'a header, "Name: value"; "Name:" leaves one of ours out', collect)
    .option("-d, --data <data>", "a body; @file takes it from a file, @- from standard input")
    .option("--data-raw <data>", "a body in which @ has no meaning")
    .option("--data-binary <data>", "a body whose line ends are kept")
    .option("--json [data]", "with data: post it as JSON, as curl does; without: print all that is known as JSON")
    .option("-A, --user-agent <name>", "the User-Agent header")
    .option("-L, --location", "follow redirects")
    .option("--max-redirs <number>", "how many at most (default: 50)", numberOf("--max-redirs"))
    .option("-k, --insecure", "accept any certificate")
    .option("-m, --max-time <seconds>", "most that everything together may take", numberOf("--max-time"))
    .option("--connect-timeout <seconds>", "most that DNS, TCP and TLS may take", numberOf("--connect-timeout"))
    .option("-I, --head", "ask for the headers alone")
    .option("-i, --include", "show the response's headers and body")
    .option("-o, --output <file>", "write the body to a file; - is standard output")
    .option("-s, --silent", "like curl: the body, no drawing, no messages")
    .option("-S, --show-error", "with -s: messages all the same")
    .option("-f, --fail", "exit with 22 for an HTTP status of 400 or more, and leave its body out")
    .option(
      "-w, --write-out <format>",
      "print this afterwards: curl's variables, and %{trace_id}, %{trace_url}, %{critical_path}; @file reads it",
    )
    .option("--compressed", "accepted for curl's sake: packed bodies are always asked for and unpacked");
  for (const kind of ["data", "data-raw", "data-binary"] as const) {
    command.on(`option:${kind}`, (value: string) => given.push({ kind, value }));
  }
  command.on("option:json", (value: string | null) => {
    if (value === null) wantsJsonOutput = true;
    else if (isJsonData(value)) given.push({ kind: "json", value });
    else {
      wantsJsonOutput = true;
      strayUrl = value;
    }
  });
  return () => ({ parts: given, wantsJsonOutput, ...(strayUrl !== undefined && { strayUrl }) });
}

/** `--json https://host/` asks for output: a URL is not JSON. */
function isJsonData(value: string): boolean {
  if (/^\s*([[{"@]|$)/.test(value)) return true;
  try {
    JSON.parse(value);
    return true;
  } catch {
    // Not JSON: that is the answer.
    return false;
  }
}

/** The URL, given once in whatever way. */
export function readUrl({ url }: CurlOptions, args: readonly string[], { strayUrl }: CurlData): string {
  const given = [url, strayUrl, ...args].filter((each) => each !== undefined);
  if (given.length === 1) return given[0]!;
  const message =
    given.length === 0
      ? "There is no URL to call. Write fluoroscope call -u URL."
      : `One URL at a time, not ${given.join(" and ")}.`;
  throw mistake(message);
}

/** Headers as given; what curl adds by itself for JSON stands before them, so that they win. */
export function readHeaders(
  { header = [], userAgent }: CurlOptions,
  { parts }: CurlData,
): [string, string | undefined][] {
  const headers: [string, string | undefined][] = header.map(readHeader);
  const isGiven = (name: string): boolean => headers.some(([each]) => each.toLowerCase() === name.toLowerCase());
  if (userAgent !== undefined && !isGiven("User-Agent")) headers.unshift(["User-Agent", userAgent || undefined]);
  if (parts.some(({ kind }) => kind === "json")) {
    for (const name of ["Content-Type", "Accept"]) if (!isGiven(name)) headers.unshift([name, "application/json"]);
  }
  return headers;
}

function readHeader(line: string): [string, string | undefined] {
  const colon = line.indexOf(":");
  if (colon > 0) {
    const value = line.slice(colon + 1).trim();
    return [line.slice(0, colon).trim(), value === "" ? undefined : value];
  }
  if (/^[^\s;:]+;$/.test(line)) return [line.slice(0, -1), ""];
  throw mistake(`"${line}" is no header. Write it as "Name: value".`);
}

/** The body, its parts joined as curl joins them. */
export async function readBody({ parts }: CurlData, terminal: Terminal): Promise<Buffer | undefined> {
  if (parts.length === 0) return undefined;
  const pieces: Buffer[] = [];
  for (const { kind, value } of parts) {
    if (pieces.length > 0 && kind !== "json") pieces.push(Buffer.from("&"));
    if (kind === "data-raw" || !value.startsWith("@")) pieces.push(Buffer.from(value));
    else pieces.push(await readSource(value.slice(1), kind === "data", terminal));
  }
  return Buffer.concat(pieces);
}

async function readSource(source: string, dropsLineEnds: boolean, terminal: Terminal): Promise<Buffer> {
  const bytes = source === "-" ? await terminal.readInput() : await readNamed(source, "data");
  return dropsLineEnds ? Buffer.from(bytes.filter((byte) => byte !== 10 && byte !== 13 && byte !== 0)) : bytes;
}

/** A file that the command line names. */
export async function readNamed(path: string, what: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw mistake(`The file ${path} with the ${what} cannot be read (${reason}). Check its name and permissions.`);
  }
}

function numberOf(option: string): (text: string) => number {
  return (text) => {
    if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
    throw mistake(`"${text}" does not fit ${option}. Write a number.`);
  };
}

function mistake(message: string): FluoroscopeError {
  return new FluoroscopeError("FLUORO_BAD_CONFIG", message);
}
