import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Running } from "../../src/up.ts";
import { newTraceId } from "../../src/xray/trace-id.ts";
import { aLargeTrace } from "../fixtures/a-large-trace.ts";
import {
  accessibilityFaults,
  noBrowserReason,
  openChromium,
  openPage,
  startServer,
  type WatchedPage,
} from "./console-browser.ts";
import { aCheckout, hostileName } from "./trace-to-show.ts";

const reason = noBrowserReason();
let browser: Browser;
let folder: string;
beforeAll(async () => {
  if (reason === undefined) browser = await openChromium();
  folder = mkdtempSync(join(tmpdir(), "fluoroscope-trace-"));
});
afterAll(async () => {
  await browser?.close();
  if (folder) rmSync(folder, { recursive: true });
});
beforeEach(({ skip }) => {
  if (reason !== undefined) skip(reason);
});

interface Given {
  readonly page: Page;
  readonly server: Running;
  readonly id: string;
  /** Opens the trace, with more in the address. */
  readonly open: (more?: string) => Promise<void>;
}

/** Does something with a page that shows a checkout; in the end, nothing may have gone wrong in it. */
async function withTrace(
  use: (given: Given) => Promise<void>,
  options: Parameters<typeof openPage>[2] = {},
): Promise<void> {
  const server = await startServer();
  let watched: WatchedPage | undefined;
  try {
    const { id, documents } = aCheckout();
    await put(server, documents);
    watched = await openPage(browser, server.addresses.http, { reducedMotion: "reduce", ...options });
    const { page } = watched;
    const open = async (more = ""): Promise<void> => {
      await page.goto(`${server.addresses.http}/trace/${id}${more}`);
      await page.getByRole("heading", { level: 1 }).getByText("/checkout").waitFor();
    };
    await use({ page, server, id, open });
    expect(watched.troubles).toEqual([]);
  } finally {
    await watched?.page.context().close();
    await server.close();
  }
}

async function put({ addresses }: Running, documents: readonly (object | string)[]): Promise<void> {
  const texts = documents.map((each) => (typeof each === "string" ? each : JSON.stringify(each)));
  for (let at = 0; at < texts.length; at += 50) {
    const body = JSON.stringify({ TraceSegmentDocuments: texts.slice(at, at + 50) });
    const answer = await fetch(`${addresses.http}/TraceSegments`, { method: "POST", body });
    expect(await answer.json()).toEqual({ UnprocessedTraceSegments: [] });
  }
}

const grid = (page: Page) => page.getByRole("treegrid", { name: "Waterfall" });
const names = (page: Page) => grid(page).getByRole("row").locator("b").allTextContents();
const all = ["web", "session", "orders", "orders", "orders@db", "6 × stock", hostileName, "audit"];
const own = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

/** Waits for a machine that is busy with other tests. */
const eventually = <Value>(look: () => Value | Promise<Value>) => expect.poll(look, { timeout: 20_000 });

describe("the waterfall", () => {
  it("folds repeated calls into one line that says what they took, and opens it", async () => {
    await withTrace(async ({ page, open }) => {
      await open();
      await grid(page).waitFor();
      expect(await names(page)).toEqual(all);
      const line = grid(page).getByRole("row", { name: /6 × stock/ });
      expect(await line.textContent()).toContain("10 ms each");
      expect(await line.textContent()).toContain("N+1?");
      await grid(page).focus();
      for (let at = 0; at < 5; at += 1) await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowRight");
      await eventually(() => names(page)).toHaveLength(all.length + 6);
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("ArrowLeft");
      await eventually(() => names(page)).toEqual(all);
    });
  });

  it("draws bars, and a line for the critical path that a key takes away", async () => {
    await withTrace(async ({ page, open }) => {
      await open();
      await grid(page).waitFor();
      await eventually(() => paintedPixels(page)).toBeGreaterThan(500);
      const withPath = await paintedPixels(page);
      await page.keyboard.press("c");
      await eventually(() => paintedPixels(page)).toBeLessThan(withPath);
      await eventually(() => own(page, "path")).toBe("off");
      expect(await page.getByRole("list", { name: /critical path/ }).textContent()).toMatch(/web \d/);
    });
  });

  it("searches all fields, steps from match to match, and shows matches only", async () => {
    await withTrace(async ({ page, open }) => {
      await open();
      await page.keyboard.press("/");
      await page.keyboard.type("TULIPS");
      await page.getByText("1 match", { exact: true }).waitFor();
      await page.keyboard.press("Enter");
      await page.getByText("1 of 1").waitFor();
      expect(await grid(page).locator("[aria-selected=true] b").textContent()).toBe("orders@db");
      await page.getByRole("button", { name: "Only matches" }).click();
      await eventually(() => names(page)).toEqual(["web", "orders", "orders", "orders@db"]);
      await eventually(() => own(page, "find")).toBe("TULIPS");
      await page.reload();
      await eventually(() => names(page)).toEqual(["web", "orders", "orders", "orders@db"]);
    });
  });

  it("keeps to rows that failed, that are long, and that are of chosen services", async () => {
    await withTrace(async ({ page, open }) => {
      await open();
      await page.getByRole("button", { name: "Failed" }).click();
      await eventually(() => names(page)).toEqual(["web", "orders", "orders"]);
      await page.getByRole("button", { name: "Failed" }).click();
      await page.getByLabel("Shortest duration").selectOption("100");
      await eventually(() => names(page)).toEqual(["web", "orders", "orders", "audit"]);
      await page.getByLabel("Shortest duration").selectOption("0");
      await page.getByRole("button", { name: /^Services/ }).click();
      await page.getByRole("checkbox", { name: "session" }).check();
      await eventually(() => names(page)).toEqual(["web", "session"]);
      await page.keyboard.press("Escape");
      await page.getByLabel("Shortest duration").selectOption("10000");
      await page.getByText("No row of this trace passes").waitFor();
      await page.getByRole("button", { name: "Show all rows" }).click();
      await eventually(() => names(page)).toEqual(all);
    });
  });

  it("looks at one part alone, and comes back step by step", async () => {
    await withTrace(async ({ page, open }) => {
      await open();
      await grid(page).focus();
      for (let at = 0; at < 3; at += 1) await page.keyboard.press("ArrowDown");
      await page.keyboard.press(".");
      await eventually(() => names(page)).toEqual(all.slice(3, 7));
      const way = page.getByRole("navigation", { name: "Part of the trace" });
      expect(await way.getByRole("listitem").allTextContents()).toEqual(["Whole trace", "web", "orders", "orders"]);
      await page.keyboard.press("Escape");
      await eventually(() => names(page)).toEqual(all.slice(2, 7));
      await way.getByRole("button", { name: "Whole trace" }).click();
      await eventually(() => names(page)).toEqual(all);
    });
  });

  it("is seen larger by dragging over the minimap, by its sliders, and by keys", async () => {
    await withTrace(async ({ page, open }) => {
      await open();
      const box = (await page.locator(".minimap").boundingBox())!;
      const at = (share: number): [number, number] => [box.x + share * box.width, box.y + box.height / 2];
      await page.mouse.move(...at(0.25));
      await page.mouse.down();
      await page.mouse.move(...at(0.5), { steps: 4 });
      await page.mouse.up();
      await eventually(() => own(page, "zoom")).toMatch(/^0\.2\d*-0\.[45]/);
      const end = page.getByRole("slider", { name: "End of what is seen" });
      const before = Number(await end.getAttribute("aria-valuenow"));
      await end.press("ArrowRight");
      await eventually(async () => Number(await end.getAttribute("aria-valuenow"))).toBe(before + 10);
      await page.getByRole("button", { name: "Whole trace" }).click();
      await eventually(() => own(page, "zoom")).toBeNull();
      await grid(page).focus();
      await page.keyboard.press("+");
      await eventually(() => own(page, "zoom")).not.toBeNull();
      await page.keyboard.press("0");
      await eventually(() => own(page, "zoom")).toBeNull();
    });
  });
});

describe("the details of a row", () => {
  it("tell what it said, in words, with hostile names as text, and lead on", async () => {
    await withTrace(async ({ page, open, id }) => {
      await open();
      await grid(page).getByText(hostileName).click();
      const details = page.getByRole("complementary", { name: "Details" });
      await details.getByText("clocks of the two machines").waitFor({ state: "detached" });
      await details.getByRole("heading", { name: hostileName }).waitFor();
      await details.getByText("card_declined").first().waitFor();
      await details.getByRole("link", { name: /with this exception/ }).waitFor();
      await grid(page).getByText("orders@db").click();
      await details.getByText("PostgreSQL").first().waitFor();
      expect(await details.locator("pre").first().textContent()).toContain("\nFROM tulips\n");
      await details.getByRole("button", { name: "Parent" }).click();
      await details.getByRole("heading", { name: "orders", exact: true }).waitFor();
      await eventually(() => own(page, "segment")).toMatch(/^[0-9a-f]{16}$/);
      await page.getByRole("link", { name: "Like this" }).click();
      await page.waitForURL("**/traces?*");
      await page.locator(`[data-id="${id}"]`).waitFor();
    });
  });

  it("mark clocks that differ", async () => {
    await withTrace(async ({ page, open }) => {
      await open();
      await grid(page).getByText("clock skew").click();
      await page.getByText("The clocks of the two machines differ").waitFor();
    });
  });
});

describe("the other views", () => {
  it("show the trace as a flame that keys walk, and as a table that leads to the slowest", async () => {
    await withTrace(async ({ page, open }) => {
      await open("?tab=flame");
      const flame = page.getByRole("application", { name: /Flame/ });
      await flame.focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await page.getByRole("complementary", { name: "Details" }).getByRole("heading", { name: "session" }).waitFor();
      await page.getByRole("tab", { name: "Table" }).click();
      const table = page.getByRole("table", { name: "By service and operation" });
      expect(
        await table
          .getByRole("row", { name: /^stock/ })
          .locator("td")
          .first()
          .textContent(),
      ).toBe("6");
      await table.getByRole("button", { name: "Count" }).click();
      expect(await table.locator("tbody tr").first().textContent()).toContain("stock");
      await table.getByRole("button", { name: /^audit/ }).click();
      await page.getByRole("complementary", { name: "Details" }).getByRole("heading", { name: "audit" }).waitFor();
      expect(await grid(page).locator("[aria-selected=true] b").textContent()).toBe("audit");
    });
  });
});

describe("a trace as a file", () => {
  it("comes back after it was wiped, and the API answers the same, byte for byte", async () => {
    const { id } = await exportedCheckout();
    const file = join(folder, "again.xray.json");
    const before = readFileSync(join(folder, "answers"), "utf8");
    writeFileSync(file, readFileSync(join(folder, "checkout.xray")));
    const other = await startServer();
    const { page, troubles } = await openPage(browser, other.addresses.http);
    try {
      await page.goto(`${other.addresses.http}/trace/${id}`);
      await page.getByText("This trace is not here").waitFor();
      await page.getByLabel("File of traces").setInputFiles(file);
      await grid(page).waitFor();
      await page.getByText(/imported from again/).waitFor();
      expect(await answersOf(other, id)).toBe(before);
      // The browser itself reports an answer of 404.
      expect(troubles.filter((trouble) => !trouble.includes("404"))).toEqual([]);
    } finally {
      await page.context().close();
      await other.close();
    }
  });

  it("is a page without script, an OTLP request, and Markdown", async () => {
    await withTrace(async ({ page, open }) => {
      await open();
      const page1 = await download(page, "HTML");
      expect(page1).not.toMatch(/<script|<img/i);
      expect(JSON.parse(await download(page, "OTLP JSON"))).toHaveProperty("resourceSpans");
      expect(await download(page, "Markdown")).toMatch(/^# 500 POST /);
    });
  });

  it("is taken when it is dropped anywhere, and what is none is refused with a reason", async () => {
    const { id } = await exportedCheckout();
    const text = readFileSync(join(folder, "checkout.xray"), "utf8");
    const server = await startServer();
    const { page, troubles } = await openPage(browser, server.addresses.http);
    try {
      await page.goto(`${server.addresses.http}/traces`);
      await page.locator("#filter").waitFor();
      await drop(page, "notes.txt", "<img src=x onerror=alert(1)>");
      await page.getByText("notes.txt was not imported. It is not JSON.").waitFor();
      await drop(page, "trace.json", text);
      await page.waitForURL(`**/trace/${id}`);
      await grid(page).waitFor();
      expect(troubles).toEqual([]);
    } finally {
      await page.context().close();
      await server.close();
    }
  });
});

it("a trace of 20,000 rows opens, folds, unfolds and is searched", async () => {
  const server = await startServer();
  const id = newTraceId(Date.now());
  await put(server, aLargeTrace(20_000, { id, startSeconds: Date.now() / 1000 - 20 }));
  const { page, troubles } = await openPage(browser, server.addresses.http);
  try {
    await page.goto(`${server.addresses.http}/trace/${id}`);
    await grid(page).getByRole("row").first().waitFor();
    await page.getByText("20,000 spans").waitFor();
    await page.getByRole("button", { name: "Fold", exact: true }).first().click();
    await eventually(() => grid(page).getAttribute("aria-rowcount")).toBe("1");
    await page.getByRole("button", { name: "Unfold", exact: true }).first().click();
    await eventually(async () => Number(await grid(page).getAttribute("aria-rowcount"))).toBeGreaterThan(500);
    await page.keyboard.press("/");
    await page.keyboard.type("page/150");
    await page.getByText("1 match", { exact: true }).waitFor();
    await page
      .getByRole("list", { name: /critical path/ })
      .getByText("%")
      .first()
      .waitFor();
    expect(troubles).toEqual([]);
  } finally {
    await page.context().close();
    await server.close();
  }
});

describe("without faults of accessibility", () => {
  it.each(["light", "dark"] as const)("in the %s theme, at three widths, in each view", async (colorScheme) => {
    for (const width of [1280, 768, 375]) {
      await withTrace(
        async ({ page, open }) => {
          for (const tab of ["waterfall", "flame", "table"]) {
            await open(`?tab=${tab}`);
            await page.getByRole("tabpanel").locator("canvas, table").first().waitFor();
            expect(await accessibilityFaults(page), `${tab} at ${width}`).toEqual([]);
          }
          await open();
          await grid(page).getByText(hostileName).click();
          await page.getByText("card_declined").first().waitFor();
          expect(await accessibilityFaults(page), `details at ${width}`).toEqual([]);
          if (width > 900) {
            await page.getByRole("button", { name: "Export" }).click();
            await page.getByText("One page, no script").waitFor();
            expect(await accessibilityFaults(page), "export").toEqual([]);
          }
        },
        { colorScheme, viewport: { width, height: 800 } },
      );
    }
  });

  it("nothing has to be scrolled sideways on a telephone", async () => {
    await withTrace(
      async ({ page, open }) => {
        for (const tab of ["waterfall", "flame", "table", "raw"]) {
          await open(`?tab=${tab}`);
          expect(await page.evaluate(() => document.documentElement.scrollWidth), tab).toBe(375);
        }
      },
      { viewport: { width: 375, height: 800 } },
    );
  });
});

/** Exports the checkout of a server that is gone afterwards, with what its API answered. */
async function exportedCheckout(): Promise<{ id: string }> {
  let found = "";
  await withTrace(async ({ page, open, server, id }) => {
    await open();
    writeFileSync(join(folder, "checkout.xray"), await download(page, "X-Ray JSON"));
    writeFileSync(join(folder, "answers"), await answersOf(server, id));
    found = id;
  });
  return { id: found };
}

/** What the X-Ray API says of a trace. */
async function answersOf({ addresses }: Running, id: string): Promise<string> {
  const texts: string[] = [];
  for (const path of ["/Traces", "/TraceGraph"]) {
    const answer = await fetch(addresses.http + path, { method: "POST", body: JSON.stringify({ TraceIds: [id] }) });
    expect(answer.status).toBe(200);
    texts.push(await answer.text());
  }
  return texts.join("\n");
}

async function download(page: Page, form: string): Promise<string> {
  await page.getByRole("button", { name: "Export" }).click();
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: new RegExp(`^${form}`) }).click();
  return readFileSync((await (await coming).path())!, "utf8");
}

async function drop(page: Page, name: string, text: string): Promise<void> {
  await page.evaluate(
    ([fileName, content]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content!], fileName!));
      window.dispatchEvent(new DragEvent("dragover", { dataTransfer, cancelable: true }));
      window.dispatchEvent(new DragEvent("drop", { dataTransfer, cancelable: true }));
    },
    [name, text],
  );
}

/** How many pixels of the waterfall's canvas are drawn on. */
function paintedPixels(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>(".waterfall-bars")!;
    // A copy: reading the page's own would make it slow, and the browser complain.
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true })!;
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    let painted = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at]! > 0) painted += 1;
    return painted;
  });
}
