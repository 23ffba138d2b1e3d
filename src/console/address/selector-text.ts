import { quoteText } from "../../filter/format.ts";
import { parseSelector } from "../../filter/parser.ts";
import type { EntitySelector } from "../../graph/choose-cells.ts";
import type { NodeMatch } from "../../graph/node-match.ts";
import type { NodeId } from "../../trace/trace.ts";

/** A node in the words of filter expressions: `id(name:"orders",type:"AWS::EC2::Instance")`. */
function nodeText(node: NodeId): string {
  const parts = [`name:${quoteText(node.name)}`, `type:${quoteText(node.type ?? "")}`];
  if (node.accountId !== undefined) parts.push(`account.id:${quoteText(node.accountId)}`);
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

function matchText({ name, type, accountId }: NodeMatch): string {
  const parts: string[] = [];
  if (name !== undefined) parts.push(`name:${quoteText(name)}`);
  if (type !== undefined) parts.push(`type:${quoteText(type)}`);
  if (accountId !== undefined) parts.push(`account.id:${quoteText(accountId)}`);
  return `id(${parts.join(",")})`;
}
