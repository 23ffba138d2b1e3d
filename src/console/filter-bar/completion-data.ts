import type { GetServiceGraphResponse, ServiceId, WireTraceSummary } from "../../api/wire.ts";
import type { CompletionData } from "../../filter/complete.ts";
import type { AnnotationValue } from "../../trace/segment.ts";
import type { NodeId } from "../../trace/trace.ts";

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

function add<Value>(sets: Map<string, Set<Value>>, key: string, value: Value | undefined): void {
  if (value === undefined || value === "") return;
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else if (set.size < mostValues) set.add(value);
}

function asLists<Value>(sets: ReadonlyMap<string, ReadonlySet<Value>>): Map<string, Value[]> {
  return new Map([...sets].map(([key, set]) => [key, [...set].sort()]));
}
