import { parseSelector } from "../../filter/parser.ts";
import type { NodeMatch } from "../../graph/node-match.ts";
import type { EntitySelector } from "../../graph/time-series.ts";
import type { NodeId } from "../../trace/trace.ts";

/** A node in the words of filter expressions: `id(name:"orders",type:"AWS::EC2::Instance")`. */
export function nodeText(node: NodeId): string {
  const parts = [`name:${quote(node.name)}`, `type:${quote(node.type ?? "")}`];
  if (node.accountId !== undefined) parts.push(`account.id:${quote(node.accountId)}`);
  return `id(${parts.join(",")})`;
}

/** Finds the traces that touch a node. */
export function serviceText(node: NodeId): string {
  return `service(${nodeText(node)})`;
}

/** Finds the traces with a call from one node to the other. */
export function edgeText(from: NodeId, to: NodeId): string {
  return `edge(${nodeText(from)},${nodeText(to)})`;
}

/** What `select=` in an address means; `undefined` for what cannot be read. */
export function readSelector(text: string): EntitySelector | undefined {
  try {
    return parseSelector(text);
  } catch {
    // An address may be mistyped; then nothing is selected.
    return undefined;
  }
}

/** A selector back in words, so that an address that was read is written the same again. */
export function selectorText(selector: EntitySelector): string {
  return selector.kind === "service"
    ? `service(${matchText(selector.node)})`
    : `edge(${matchText(selector.from)},${matchText(selector.to)})`;
}

/** A text in the quotes of the filter language. */
export function quote(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function matchText({ name, type, accountId }: NodeMatch): string {
  const parts: string[] = [];
  if (name !== undefined) parts.push(`name:${quote(name)}`);
  if (type !== undefined) parts.push(`type:${quote(type)}`);
  if (accountId !== undefined) parts.push(`account.id:${quote(accountId)}`);
  return `id(${parts.join(",")})`;
}
