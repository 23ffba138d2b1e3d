import type { GetServiceGraphResponse, ServiceId, WireTraceSummary } from "../../api/wire.ts";
import type { CompletionData } from "../../filter/complete.ts";
import type { AnnotationValue } from "../../trace/segment.ts";
import type { NodeId } from "../../trace/trace.ts";
import type { KnownData } from "./use-known-data.ts";

/** A key with more values than these is not one that is chosen from a list. */
const mostValues = 40;

/** What the loaded graphs and summaries know, for completion: services, annotations, methods, addresses, users. */
export function completionData(
  graphs: readonly GetServiceGraphResponse[],
  summaries: Iterable<WireTraceSummary>,
): CompletionData {
  const nodes = new Map<string, NodeId>();
  const addNode = ({ Name, Type }: Pick<ServiceId, "Name" | "Type">): void => {
    // A client has its service's name; in expressions the service is what is meant.
    if (Type !== "client") nodes.set(`${Name} ${Type ?? ""}`, { name: Name, ...(Type && { type: Type }) });
  };
  for (const { Services } of graphs) Services.forEach(addNode);
  const annotations = new Map<string, Set<AnnotationValue>>();
  const values = new Map<string, Set<string>>();
  for (const summary of summaries) {
    summary.ServiceIds.forEach(addNode);
    for (const [key, found] of Object.entries(summary.Annotations)) {
      for (const { AnnotationValue: value } of found) {
        add(annotations, key, value.StringValue ?? value.NumberValue ?? value.BooleanValue);
      }
    }
    const { HttpURL, HttpMethod, ClientIp, UserAgent } = summary.Http;
    add(values, "http.url", HttpURL);
    add(values, "http.method", HttpMethod);
    add(values, "http.clientip", ClientIp);
    add(values, "http.useragent", UserAgent);
    for (const { UserName } of summary.Users) add(values, "user", UserName);
    for (const { Id } of summary.InstanceIds) add(values, "instance.id", Id);
    for (const { Name } of summary.AvailabilityZones) add(values, "availabilityzone", Name);
    for (const { ARN } of summary.ResourceARNs) add(values, "resource.arn", ARN);
  }
  return { nodes: [...nodes.values()], annotations: asLists(annotations), values: asLists(values) };
}

/** With what the server says of all the data: common values of every attribute, and those that were looked for. */
export function withFacets(data: CompletionData, { facets, found, groups }: KnownData): CompletionData {
  const nodes = [...(data.nodes ?? [])];
  const names = new Set(nodes.map(({ name }) => name));
  const annotations = new Map(data.annotations);
  const values = new Map(data.values);
  const addName = (name: string): void => {
    if (!names.has(name)) nodes.push({ name });
    names.add(name);
  };
  for (const { kind, key = "", values: own } of facets) {
    const list = own.map(({ value }) => value);
    const texts = list.map(String);
    if (kind === "service") texts.forEach(addName);
    if (kind === "user") values.set("user", joined(texts, values.get("user")));
    if (kind === "exception")
      values.set(
        "message",
        joined(
          own.flatMap(({ message }) => message ?? []),
          undefined,
        ),
      );
    if (kind === "annotation") annotations.set(key, joined(list, annotations.get(key)));
  }
  if (found !== undefined) {
    const { keyword, values: list } = found;
    if (keyword === "service" || keyword === "name") list.map(String).forEach(addName);
    else if (keyword === "annotation") {
      for (const key of list.map(String)) annotations.set(key, annotations.get(key) ?? []);
    } else if (keyword.startsWith("annotation.")) {
      const key = keyword.slice("annotation.".length);
      annotations.set(key, joined(list, annotations.get(key)));
    } else values.set(keyword, joined(list.map(String), values.get(keyword)));
  }
  return { ...data, nodes, annotations, values, groups };
}

/** The first ones first, each once. */
function joined<Value>(first: readonly Value[], then: readonly Value[] = []): Value[] {
  return [...new Set([...first, ...then])];
}

function add<Value>(sets: Map<string, Set<Value>>, key: string, value: Value | undefined): void {
  if (value === undefined || value === "") return;
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else if (set.size < mostValues) set.add(value);
}

function asLists<Value>(sets: ReadonlyMap<string, ReadonlySet<Value>>): Map<string, Value[]> {
  return new Map([...sets].map(([key, set]) => [key, [...set].sort()]));
}
