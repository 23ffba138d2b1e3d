import type { NodeMatch } from "../graph/node-match.ts";
import { operatorTexts } from "./expectation.ts";
import type {
  AnnotationTest,
  EntityPattern,
  Filter,
  NumberComparison,
  Presence,
  RootCausePattern,
  ServicePattern,
  TextComparison,
} from "./tree.ts";

/** The filter as an expression: what `parseFilter` reads, with groups inlined. */
export function formatFilter(filter: Filter): string {
  return filter.kind === "everything" ? "" : formatTerm(filter);
}

/** Quotes a text as expressions have it. */
export function quoteText(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

/** An annotation's key as expressions have it: with a dot where that can be read, else in brackets. */
export function formatAnnotationKey(key: string): string {
  return /^[\w.-]+$/.test(key) ? `annotation.${key}` : `annotation[${quoteText(key)}]`;
}

function formatMetadataPath(path: readonly string[]): string {
  if (path.every((part) => /^[\w-]+$/.test(part))) return `metadata.${path.join(".")}`;
  return `metadata${path.map((part) => `[${quoteText(part)}]`).join("")}`;
}

function formatTerm(filter: Filter): string {
  switch (filter.kind) {
    case "everything":
      // The only keyword that holds for every trace.
      return "root";
    case "and":
      return filter.terms.map(formatOperand).join(" AND ");
    case "or":
      // Brackets around AND as well: some may read AND and OR in the order in which they stand.
      return filter.terms.map(formatOperand).join(" OR ");
    case "not":
      return `!${formatOperand(filter.term)}`;
    case "flag":
      return filter.keyword;
    case "number":
    case "text":
      return `${filter.keyword}${formatComparison(filter.test)}`;
    case "annotation":
      return `${formatAnnotationKey(filter.key)}${formatComparison(filter.test)}`;
    case "metadata":
      return `${formatMetadataPath(filter.path)}${formatComparison(filter.test)}`;
    case "subsegment":
      return `subsegment(${filter.name === undefined ? "" : quoteText(filter.name)})${formatBlock(filter.where)}`;
    case "service":
      return `service(${formatNode(filter.node)})${formatBlock(filter.where)}`;
    case "edge":
      return `edge(${formatEnd(filter.from)}, ${formatEnd(filter.to)})${formatBlock(filter.where)}`;
    case "rootCause":
      return `rootcause.${filter.family}.${filter.list}${formatBlock(filter.where)}`;
    case "rootCauseJson":
      return `rootcause.json = #${JSON.stringify(filter.patterns.map(wireCause))}`;
  }
}

function formatOperand(filter: Filter): string {
  const text = formatTerm(filter);
  return filter.kind === "and" || filter.kind === "or" ? `(${text})` : text;
}

function formatComparison(test: Presence | NumberComparison | TextComparison | AnnotationTest["test"]): string {
  if (test.operator === "present") return "";
  const value = typeof test.value === "string" ? quoteText(test.value) : String(test.value);
  return ` ${operatorTexts[test.operator]} ${value}`;
}

function formatNode(node: NodeMatch): string {
  return node.name === undefined && node.type === undefined && node.accountId === undefined ? "" : formatEnd(node);
}

function formatEnd({ name, type, accountId }: NodeMatch): string {
  if (name !== undefined && type === undefined && accountId === undefined) return quoteText(name);
  const parts = { name, type, "account.id": accountId };
  const given = Object.entries(parts).flatMap(([part, value]) => (value === undefined ? [] : [[part, value] as const]));
  return `id(${given.map(([part, value]) => `${part}: ${quoteText(value)}`).join(", ")})`;
}

function formatBlock(where: Filter): string {
  return where.kind === "everything" ? "" : ` { ${formatTerm(where)} }`;
}

function wireCause({ clientImpacting, services }: RootCausePattern): object {
  return { ClientImpacting: clientImpacting, Services: services?.map(wireService) };
}

function wireService({ name, names, type, accountId, inferred, entityPath }: ServicePattern): object {
  const path = entityPath?.map(wireEntity);
  return { Name: name, Names: names, Type: type, AccountId: accountId, Inferred: inferred, EntityPath: path };
}

function wireEntity({ name, remote, coverage, exceptions }: EntityPattern): object {
  const wire = exceptions?.map((exception) => ({ Name: exception.name, Message: exception.message }));
  return { Name: name, Remote: remote, Coverage: coverage, Exceptions: wire };
}
