import type { Edge, Service } from "@aws-sdk/client-xray";

/** What a test expects of one node: how its own requests ended, and the calls it made, by callee. */
export interface NodeShape {
  readonly counts?: Counts;
  readonly root?: true;
  readonly calls?: Readonly<Record<string, Counts>>;
}

/** As `ok 2, throttle 1, fault 1`: what there is, in one line, which makes a difference easy to read. */
type Counts = string;

/** A service graph without ids, order and times: `name (type)` to node. Client nodes have no counts of their own. */
export function mapShape(services: readonly Service[]): Record<string, NodeShape> {
  const label = ({ Name, Type }: Service): string => (Type ? `${Name} (${Type})` : `${Name}`);
  const labels = new Map(services.map((service) => [service.ReferenceId, label(service)]));
  return Object.fromEntries(
    services.map((service) => {
      const calls = (service.Edges ?? []).map((edge) => [labels.get(edge.ReferenceId), countsOf(edge)]);
      const shape: NodeShape = {
        ...(service.SummaryStatistics && { counts: countsOf(service) }),
        ...(service.Root && { root: true as const }),
        ...(calls.length > 0 && { calls: Object.fromEntries(calls) }),
      };
      return [label(service), shape];
    }),
  );
}

/** Also sees to it that the classes add up to the total. */
function countsOf({ SummaryStatistics: figures }: Service | Edge): Counts {
  const { OkCount = 0, ErrorStatistics: errors = {}, FaultStatistics: faults = {}, TotalCount = 0 } = figures ?? {};
  const parts = { ok: OkCount, throttle: errors.ThrottleCount, error: errors.OtherCount, fault: faults.TotalCount };
  const said = Object.entries(parts).filter(([, count = 0]) => count > 0);
  const sum = OkCount + (errors.TotalCount ?? 0) + (faults.TotalCount ?? 0);
  if (sum !== TotalCount) throw new Error(`Counts do not add up: ${JSON.stringify(figures)}`);
  return said.map(([name, count]) => `${name} ${count}`).join(", ");
}
