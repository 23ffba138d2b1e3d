import type { Alias, Document, Node, Pair } from "yaml";

/** A value of a YAML file: what it means, and as it is written, since `012` may be meant as a text. */
export type YamlValue =
  | { readonly kind: "nothing" }
  | { readonly kind: "scalar"; readonly value: unknown; readonly written: string }
  | { readonly kind: "list"; readonly items: readonly YamlValue[] }
  | { readonly kind: "map" };

/** What a file of settings holds, by `Top` or `Top.Child`; or why it holds nothing that can be read. */
export type YamlEntries = { readonly entries: ReadonlyMap<string, YamlValue> } | { readonly fault: string };

/**
 * Reads YAML 1.1, as the original daemon's library does: `yes` and `on` are true, JSON is YAML, a key may come twice and
 * then counts as it came last. Of several documents the first counts. Deeper maps are not looked into.
 */
export async function readYamlEntries(content: string): Promise<YamlEntries> {
  // On use: most daemons in containers have no file, and the library takes time and memory.
  const { isAlias, isMap, isScalar, isSeq, parseDocument } = await import("yaml");
  const document = parseDocument(content, { version: "1.1", uniqueKeys: false, logLevel: "silent" });
  const [error] = document.errors;
  if (error !== undefined) return { fault: `is not YAML (${error.message.split("\n", 1)[0]!.replace(/:$/, "")})` };

  const target = (node: unknown): unknown => (isAlias(node) ? resolved(node, document) : node);
  const keyOf = ({ key }: Pair): string => {
    const scalar = target(key);
    if (!isScalar(scalar)) return String(key);
    return typeof scalar.value === "string" ? scalar.value : (scalar.source ?? String(scalar.value));
  };
  const readValue = (node: unknown): YamlValue => {
    const found = target(node);
    if (isMap(found)) return { kind: "map" };
    if (isSeq(found)) {
      // One level: a list in a list is no setting, and aliases may make circles.
      const items = found.items.map((item) => (isSeq(target(item)) ? ({ kind: "map" } as const) : readValue(item)));
      return { kind: "list", items };
    }
    if (!isScalar(found) || found.value === null) return { kind: "nothing" };
    const { value } = found;
    return { kind: "scalar", value, written: typeof value === "string" ? value : (found.source ?? String(value)) };
  };

  const root = document.contents;
  if (!isMap(root)) return root === null ? { entries: new Map() } : { fault: "holds no settings" };
  const entries = new Map<string, YamlValue>();
  for (const pair of root.items) {
    const inner = target(pair.value);
    if (!isMap(inner)) entries.set(keyOf(pair), readValue(inner));
    else for (const child of inner.items) entries.set(`${keyOf(pair)}.${keyOf(child)}`, readValue(child.value));
  }
  return { entries };
}

function resolved(alias: Alias, document: Document.Parsed): Node | undefined {
  return alias.resolve(document);
}
