import type { NodeMatch } from "../graph/node-match.ts";
import type { IdPart } from "./expectation.ts";
import type { TokenCursor } from "./token-cursor.ts";

/** Reads `(node, node)`, the ends of an edge. */
export function readEnds(tokens: TokenCursor): { from: NodeMatch; to: NodeMatch } {
  tokens.expectSymbol("(");
  const from = readNode(tokens);
  tokens.expectSymbol(",");
  const to = readNode(tokens);
  tokens.expectSymbol(")");
  return { from, to };
}

/** Reads `(node)` or `()`, which any node fits. */
export function readOptionalNode(tokens: TokenCursor): NodeMatch {
  tokens.expectSymbol("(");
  tokens.offer({ kind: "node" });
  if (tokens.takeSymbol(")")) return {};
  const node = readNode(tokens);
  tokens.expectSymbol(")");
  return node;
}

/** Reads `("name")`, or `()`, which any subsegment fits. */
export function readOptionalName(tokens: TokenCursor): { name?: string } {
  tokens.expectSymbol("(");
  const token = tokens.offer({ kind: "subsegment name" });
  if (tokens.takeSymbol(")")) return {};
  if (token.kind !== "text") throw tokens.unexpected();
  tokens.advance();
  tokens.expectSymbol(")");
  return { name: token.value };
}

/** Reads a name in quotes or `id(…)`. */
export function readNode(tokens: TokenCursor): NodeMatch {
  const token = tokens.offer({ kind: "node" });
  if (token.kind === "text") {
    tokens.advance();
    return { name: token.value };
  }
  if (token.kind !== "word" || token.value.toLowerCase() !== "id") throw tokens.unexpected();
  tokens.advance();
  tokens.expectSymbol("(");
  tokens.offer({ kind: "id part", parts: idParts });
  return tokens.takeSymbol(")") ? {} : readIdParts(tokens);
}

const idParts: readonly IdPart[] = ["name", "type", "account.id"];
const members = { name: "name", type: "type", "account.id": "accountId" } as const;

function readIdParts(tokens: TokenCursor): NodeMatch {
  const node: { name?: string; type?: string; accountId?: string } = {};
  do {
    const left = idParts.filter((part) => node[members[part]] === undefined);
    const token = tokens.offer({ kind: "id part", parts: left });
    const part = left.find((each) => each === token.value.toLowerCase());
    if (token.kind !== "word" || part === undefined) throw tokens.unexpected();
    tokens.advance();
    tokens.expectSymbol(":");
    node[members[part]] = tokens.expect({ kind: "id value", part }, tokens.peek().kind === "text").value;
  } while (tokens.takeSymbol(","));
  tokens.expectSymbol(")");
  return node;
}
