import { randomUUID } from "node:crypto";
import type { Config, Environment } from "../config.ts";
import { type Problems, UnprocessedDocuments } from "../daemon/unprocessed-documents.ts";
import { type Destination, parseDestination } from "../forward/destination.ts";
import { openWayOut } from "../forward/open-way-out.ts";
import { Outbox } from "../forward/outbox.ts";
import type { WayOutStatus } from "../forward/outbox-figures.ts";
import { ReturnedDocuments } from "../forward/returned-documents.ts";
import type { XrayApi } from "../forward/xray-api.ts";
import type { Log } from "../log.ts";
import { openSpillLog, type SpillLog } from "../spill/spill-log.ts";
import { spillFolderOf } from "./spill-folder.ts";

/** Where `up` sends documents on to: the way there, what waits for it in memory, and below that on disk. */
export interface Upstream {
  readonly destination: Destination;
  /** X-Ray's API there; an OpenTelemetry receiver has none. */
  readonly api: XrayApi | undefined;
  /** Knows what was sent on. */
  readonly returned: ReturnedDocuments;
  /** Takes documents, at once and always. The bytes are handed over: nobody may change them. */
  put(documents: readonly Uint8Array[]): void;
  status(): WayOutStatus;
  /** What was refused at the door, and with it what the other side would not take. */
  problems(atDoor: Problems): Problems;
  /** Sends what it can until then and keeps the rest on disk, where there is one. May be called twice. */
  close(deadlineMs: number): Promise<void>;
}

export interface UpstreamSurroundings {
  readonly environment: Environment;
  readonly log: Log;
  /** Of fluoroscope. */
  readonly version: string;
}

/** Enough to ride out a slow answer; a longer outage is what the disk is for, */
const memoryBytes = 16 * 2 ** 20;
/** unless nothing may go there. */
const memoryAloneBytes = 64 * 2 ** 20;
const spillMaxBytes = 2 ** 30;

/**
 * Opens the upstream that is named so, by the other settings about it. Rejects when they cannot be right, but not when
 * nobody answers there: then documents wait.
 */
export async function openUpstream(
  text: string,
  config: Config,
  surroundings: UpstreamSurroundings,
): Promise<Upstream> {
  const { upstreamEndpoint: endpoint, upstreamRole: roleArn, region } = config;
  const { log, version } = surroundings;
  const environment = withoutOurAddress(surroundings.environment);
  const destination = parseDestination(text);
  // AWS sends nothing back.
  const returned = new ReturnedDocuments(randomUUID(), { remembers: destination.kind === "xray" });
  const { id } = returned;
  const { wayOut, api } = await openWayOut(destination, { region, endpoint, roleArn, environment, log, version, id });
  const spill = await openSpill(text, config, log);
  const unprocessed = new UnprocessedDocuments();
  const outbox = new Outbox({
    wayOut,
    memoryBytes: spill === undefined ? memoryAloneBytes : memoryBytes,
    spill,
    log,
    onUnprocessed: (about, document) => unprocessed.keep(wayOut.name, about, document),
  });

  let closed: Promise<void> | undefined;
  return {
    destination,
    api,
    returned,
    put(documents) {
      returned.sent(documents);
      outbox.put(documents);
    },
    status: () => ({ name: outbox.name, health: outbox.health(), figures: outbox.figures() }),
    problems: (atDoor) => unprocessed.with(atDoor),
    close(deadlineMs) {
      closed ??= (async () => {
        await outbox.close(deadlineMs);
        await Promise.all([wayOut.close(), spill?.close()]);
      })();
      return closed;
    },
  };
}

/** X-Ray's clients on this machine have these lead to us: to follow them would be to send to ourselves. */
function withoutOurAddress(environment: Environment): Environment {
  return { ...environment, AWS_ENDPOINT_URL: undefined, AWS_ENDPOINT_URL_XRAY: undefined };
}

async function openSpill(upstream: string, config: Config, log: Log): Promise<SpillLog | undefined> {
  if (config.ephemeral) return undefined;
  return openSpillLog({ folder: spillFolderOf(upstream, config), maxBytes: spillMaxBytes, log });
}
