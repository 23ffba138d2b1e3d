/**
 * Seeded traces for benchmarks and stress tests: 30 services, some 60 calls between them, about five segments a trace and
 * 1.1 KB a segment, five annotations each; some faults, errors, throttles, and traces that have not finished yet.
 */
export interface WorkloadOptions {
  readonly seed?: number;
  readonly traces: number;
  readonly startSeconds: number;
  /** The traces' starts are spread evenly over this. */
  readonly spanSeconds: number;
}

export interface WorkloadTrace {
  readonly id: string;
  readonly documents: readonly WorkloadDocument[];
}

export interface WorkloadDocument {
  readonly text: string;
  /** When an SDK would have sent it: at the segment's end, or at its start while it is in progress. */
  readonly sentSeconds: number;
}

/** Whole traces, in the order in which they start. */
export function* workloadTraces({
  seed = 1,
  traces,
  startSeconds,
  spanSeconds,
}: WorkloadOptions): Generator<WorkloadTrace> {
  const chance = new Chance(seed);
  for (let at = 0; at < traces; at++) {
    yield new TraceMaker(chance, startSeconds + (at * spanSeconds) / traces).make();
  }
}

/** The same documents as they would arrive: each when its segment ends, traces interleaved. */
export function* workloadDocuments(options: WorkloadOptions): Generator<string> {
  const waiting: WorkloadDocument[] = [];
  let flushed = 0;
  for (const { documents } of workloadTraces(options)) {
    waiting.push(...documents);
    const now = documents[documents.length - 1]!.sentSeconds - 10;
    if (waiting.length < 2 * flushed + 1000) continue;
    waiting.sort((a, b) => a.sentSeconds - b.sentSeconds);
    const due = waiting.findIndex((document) => document.sentSeconds > now);
    for (const { text } of waiting.splice(0, Math.max(due, 0))) yield text;
    flushed = waiting.length;
  }
  for (const { text } of waiting.sort((a, b) => a.sentSeconds - b.sentSeconds)) yield text;
}

interface Service {
  readonly name: string;
  readonly origin: string;
  readonly calls: readonly number[];
  readonly database?: "dynamodb" | "sql";
}

const names =
  "gateway web mobile-api orders basket catalogue search pricing stock payments fraud shipping addresses accounts sessions " +
  "profiles reviews images recommendations email sms invoices tax ledger audit refunds";
const origins = [
  "AWS::ECS::Container",
  "AWS::EC2::Instance",
  "AWS::ElasticBeanstalk::Environment",
  "AWS::EKS::Container",
];
const tenants = ["acme", "globex", "initech", "umbrella", "hooli", "stark", "wayne", "wonka"];
const regions = ["eu-central-1", "eu-west-1", "us-east-1"];
const agents = [
  "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
  "okhttp/4.12.0",
];

/** 26 instrumented services, each calling two or three behind it, and four stores known only from their callers. */
const services: readonly Service[] = names.split(" ").map((name, at, all) => ({
  name,
  origin: origins[at % origins.length]!,
  calls: [2 * at + 1, 2 * at + 2, at + 5].map((to) => (to < all.length ? to : -1)).filter((to) => to > 0),
  ...(at % 5 === 3 ? { database: "dynamodb" as const } : at % 5 === 4 ? { database: "sql" as const } : {}),
}));

class TraceMaker {
  readonly #chance: Chance;
  readonly #id: string;
  readonly #start: number;
  readonly #user: string;
  readonly #tenant: string;
  readonly #inProgress: boolean;
  readonly #documents: WorkloadDocument[] = [];

  constructor(chance: Chance, start: number) {
    this.#chance = chance;
    this.#start = start;
    this.#id = `1-${Math.floor(start).toString(16).padStart(8, "0")}-${chance.hex(24)}`;
    this.#user = `user-${chance.below(2000)}`;
    this.#tenant = chance.pick(tenants);
    this.#inProgress = chance.happens(0.002);
  }

  make(): WorkloadTrace {
    const ended = this.#segment(this.#chance.below(3), undefined, this.#start, 0);
    if (this.#inProgress) {
      const last = this.#documents.pop()!;
      const { end_time: _, ...open } = JSON.parse(last.text);
      this.#documents.push({ text: JSON.stringify({ ...open, in_progress: true }), sentSeconds: ended });
    }
    return { id: this.#id, documents: this.#documents };
  }

  /** Answers when the segment ended. Callees come before their callers, as they do on the wire. */
  #segment(index: number, parentId: string | undefined, start: number, depth: number): number {
    const chance = this.#chance;
    const service = services[index]!;
    let now = start + chance.between(0.001, 0.02);
    const subsegments: object[] = [];
    for (const callee of service.calls) {
      if (!chance.happens(depth === 0 ? 0.64 : 0.18)) continue;
      const id = chance.hex(16);
      const began = now;
      now = this.#segment(callee, id, now + chance.between(0.0005, 0.003), depth + 1) + chance.between(0.0005, 0.003);
      subsegments.push(this.#call(id, services[callee]!, began, now));
    }
    if (service.database !== undefined) {
      const began = now;
      now += chance.between(0.002, 0.03);
      subsegments.push(service.database === "sql" ? this.#query(began, now) : this.#getItem(began, now));
    }
    now += chance.between(0.001, 0.02);
    const status = chance.happens(0.01) ? 500 : chance.happens(0.02) ? 404 : chance.happens(0.004) ? 429 : 200;
    this.#documents.push({
      sentSeconds: now,
      text: JSON.stringify({
        name: service.name,
        id: chance.hex(16),
        trace_id: this.#id,
        ...(parentId === undefined ? { user: this.#user } : { parent_id: parentId }),
        start_time: micro(start),
        end_time: micro(now),
        origin: service.origin,
        ...(status === 500 ? { fault: true, cause: this.#cause() } : status >= 400 ? { error: true } : {}),
        ...(status === 429 ? { throttle: true } : {}),
        http: {
          request: {
            method: chance.pick(["GET", "GET", "GET", "POST", "PUT"]),
            url: `https://${service.name}.shop.example/v1/${service.name}/${chance.below(100_000)}`,
            user_agent: chance.pick(agents),
            client_ip: `10.0.${chance.below(4)}.${chance.below(250)}`,
          },
          response: { status, content_length: chance.below(20_000) },
        },
        aws: {
          account_id: "123456789012",
          ec2: {
            instance_id: `i-0${index.toString(16).padStart(8, "0")}${chance.below(3)}`,
            availability_zone: "eu-central-1a",
          },
          xray: { sdk: "X-Ray for Node.js", sdk_version: "3.12.0" },
        },
        service: { version: "2026.11.3", runtime: "node" },
        annotations: {
          tenant: this.#tenant,
          region: chance.pick(regions),
          order: chance.below(100_000_000),
          cached: chance.happens(0.3),
          release: `2026.11.${chance.below(4)}`,
        },
        metadata: { default: { queue: chance.below(50), attempt: 1 } },
        ...(subsegments.length === 0 ? {} : { subsegments }),
      }),
    });
    return now;
  }

  #call(id: string, callee: Service, start: number, end: number): object {
    const url = `https://${callee.name}.shop.example/v1/${callee.name}`;
    return {
      id,
      name: callee.name,
      start_time: micro(start),
      end_time: micro(end),
      namespace: "remote",
      http: { request: { method: "GET", url }, response: { status: 200, content_length: 512 } },
    };
  }

  #query(start: number, end: number): object {
    return {
      id: this.#chance.hex(16),
      name: `shop@db-${this.#chance.below(2)}.internal`,
      start_time: micro(start),
      end_time: micro(end),
      namespace: "remote",
      sql: { database_type: "PostgreSQL", user: "shop", sanitized_query: "select * from orders where id = $1" },
    };
  }

  #getItem(start: number, end: number): object {
    return {
      id: this.#chance.hex(16),
      name: "DynamoDB",
      start_time: micro(start),
      end_time: micro(end),
      namespace: "aws",
      aws: { operation: "GetItem", region: "eu-central-1", table_name: this.#chance.pick(["sessions", "stock"]) },
      http: { response: { status: 200 } },
    };
  }

  #cause(): object {
    const stack = [{ path: "/srv/app/dist/handler.js", line: 118, label: "handle" }];
    const exception = { id: this.#chance.hex(16), type: "UpstreamError", message: "the answer took too long", stack };
    return { working_directory: "/srv/app", exceptions: [exception] };
  }
}

const micro = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;

/** mulberry32: small, quick, the same everywhere. */
class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  hex(digits: number): string {
    let text = "";
    while (text.length < digits)
      text += Math.floor(this.next() * 2 ** 32)
        .toString(16)
        .padStart(8, "0");
    return text.slice(0, digits);
  }
}
