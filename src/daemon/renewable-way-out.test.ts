import { expect, it } from "vitest";
import type { OpenedWayOut } from "../forward/open-way-out.ts";
import { RenewableWayOut } from "./renewable-way-out.ts";

const document = new Uint8Array([1]);
const { signal } = new AbortController();

/** A way out that answers when it is told to. */
function aWayOut(name: string): OpenedWayOut & { answer: () => void; closed: () => boolean; sent: () => number } {
  let isClosed = false;
  let sent = 0;
  let waiting: (() => void)[] = [];
  const wait = (): Promise<void> => new Promise((resolve) => waiting.push(resolve));
  const close = async (): Promise<void> => {
    isClosed = true;
  };
  return {
    wayOut: {
      name,
      async send(documents) {
        await wait();
        sent += documents.length;
        return documents.map(() => undefined);
      },
      close,
    },
    api: {
      name,
      endpoint: new URL(`https://${name}`),
      async request() {
        await wait();
        return { status: 200, headers: {}, body: Buffer.from(name) };
      },
      close,
    },
    answer() {
      for (const resume of waiting) resume();
      waiting = [];
    },
    closed: () => isClosed,
    sent: () => sent,
  };
}

it("what is under way ends on the old one, which is closed after it, and the next goes to the new one", async () => {
  const [old, fresh] = [aWayOut("old"), aWayOut("fresh")];
  const way = new RenewableWayOut(old);
  const sending = way.wayOut.send([document], signal);
  const asking = way.api!.request({ method: "POST", path: "/x", body: document });
  await way.renew(fresh);
  expect([way.wayOut.name, way.api!.name, way.api!.endpoint.host]).toEqual(["fresh", "fresh", "fresh"]);
  expect(old.closed()).toBe(false);
  old.answer();
  expect(await sending).toEqual([undefined]);
  expect((await asking).body.toString()).toBe("old");
  expect(old.closed()).toBe(true);

  const next = way.wayOut.send([document, document], signal);
  fresh.answer();
  await next;
  expect([old.sent(), fresh.sent(), fresh.closed()]).toEqual([1, 2, false]);
});

it("an unused one is closed when it is replaced", async () => {
  const old = aWayOut("old");
  const way = new RenewableWayOut(old);
  await way.renew(aWayOut("fresh"));
  expect(old.closed()).toBe(true);
});

it("an outbox that has ended does not close what reports still need", async () => {
  const only = aWayOut("only");
  const way = new RenewableWayOut(only);
  await way.wayOut.close();
  expect(only.closed()).toBe(false);
  await way.close();
  expect(only.closed()).toBe(true);
});

it("where there is no X-Ray API there is none", () => {
  const { wayOut } = aWayOut("collector");
  expect(new RenewableWayOut({ wayOut }).api).toBeUndefined();
});
