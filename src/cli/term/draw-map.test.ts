import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawMap } from "./draw-map.ts";
import { widthOf } from "./fit-text.ts";
import type { MapView } from "./map-view.ts";
import { makeStyle, type State, type StyleOptions, states } from "./style.ts";

/** `aMap("web:fault db", "web>db 8ms")`: names with a state and a second line, calls with a label and a state. */
function aMap(nodes: string, ...edges: string[]): MapView {
  const names = nodes.split(" ").map((each) => each.split(":"));
  const index = (name: string): number => names.findIndex(([each]) => each === name);
  return {
    nodes: names.map(([name, state = "ok", detail]) => ({
      name: name!,
      state: state as State,
      ...(detail !== undefined && { detail }),
    })),
    edges: edges.map((edge) => {
      const [, from, to, label = "8ms", state = "ok"] = /^(\S+)>(\S+?)(?: (\S+))?(?: (\S+))?$/.exec(edge)!;
      return { from: index(from!), to: index(to!), label, state: state as State };
    }),
  };
}

const drawn = (map: MapView, options?: StyleOptions): string => `\n${drawMap(map, makeStyle(options)).join("\n")}\n`;

const checkout = aMap(
  "call-cli web:fault checkout:fault stripe.com:error redis orders:ok:DynamoDB",
  "call-cli>web 412ms",
  "web>checkout 301ms fault",
  "checkout>stripe.com 210ms error",
  "web>redis 8ms",
  "checkout>orders 44ms",
);

it("services stand from left to right, each call with its time where it arrives", () => {
  expect(drawn(checkout)).toMatchInlineSnapshot(`
    "
      ┌────────────┐       ┌───────┐        ┌────────────┐        ┌──────────────┐
      │ call-cli ● ├─412ms▶│ web ✖ ├┬─301ms▶│ checkout ✖ ├┬─210ms▶│ stripe.com ▲ │
      └────────────┘       └───────┘│       └────────────┘│       └──────────────┘
                                    │       ┌────────────┐│       ┌──────────────┐
                                    └───8ms▶│ redis ●    │└──44ms▶│ orders ●     │
                                            └────────────┘        │ DynamoDB     │
                                                                  └──────────────┘
    "
  `);
});

it("a narrow terminal gets a tree", () => {
  expect(drawn(checkout, { columns: 60 })).toMatchInlineSnapshot(`
    "
      call-cli ●
      └ 412ms ▶ web ✖
        ├ 301ms ▶ checkout ✖
        │ ├ 210ms ▶ stripe.com ▲
        │ └  44ms ▶ orders ●  DynamoDB
        └   8ms ▶ redis ●
    "
  `);
});

it("without Unicode the lines are plain", () => {
  expect(drawn(checkout, { ascii: true })).toMatchInlineSnapshot(`
    "
      +------------+       +-------+        +------------+        +--------------+
      | call-cli o +-412ms>| web x ++-301ms>| checkout x ++-210ms>| stripe.com ! |
      +------------+       +-------+|       +------------+|       +--------------+
                                    |       +------------+|       +--------------+
                                    +---8ms>| redis o    |+--44ms>| orders o     |
                                            +------------+        | DynamoDB     |
                                                                  +--------------+
    "
  `);
  expect(drawn(checkout, { ascii: true, columns: 60 })).toMatchInlineSnapshot(`
    "
      call-cli o
      \`-412ms > web x
        |-301ms > checkout x
        | |-210ms > stripe.com !
        | \`- 44ms > orders o  DynamoDB
        \`-  8ms > redis o
    "
  `);
});

it("calls that arrive at one service arrive in rows of their own", () => {
  expect(drawn(aMap("a b c d", "a>b", "a>c", "b>d 1ms", "c>d 2ms"))).toMatchInlineSnapshot(`
    "
      ┌─────┐      ┌─────┐      ┌─────┐
      │ a ● ├┬─8ms▶│ b ● ├──1ms▶│ d ● │
      └─────┘│     └─────┘┌─2ms▶│     │
             │     ┌─────┐│     └─────┘
             └─8ms▶│ c ● ├┘
                   └─────┘
    "
  `);
});

it("a long call passes the layers between", () => {
  expect(drawn(aMap("a b c", "a>b", "b>c 1ms", "a>c 2ms"))).toMatchInlineSnapshot(`
    "
      ┌─────┐      ┌─────┐      ┌─────┐
      │ a ● ├┬─8ms▶│ b ● ├──1ms▶│ c ● │
      └─────┘│     └─────┘┌─2ms▶│     │
             └────────────┘     └─────┘
    "
  `);
});

it("lines that must cross still end where they belong", () => {
  expect(drawn(aMap("a b c d", "a>c 1ms", "a>d 2ms", "b>c 3ms", "b>d 4ms"))).toMatchInlineSnapshot(`
    "
      ┌─────┐       ┌─────┐
      │ a ● ├─┬─1ms▶│ c ● │
      └─────┘┌┼─3ms▶│     │
      ┌─────┐││     └─────┘
      │ b ● ├┤│     ┌─────┐
      └─────┘│└─2ms▶│ d ● │
             └──4ms▶│     │
                    └─────┘
    "
  `);
});

it("a call back is told below the map", () => {
  expect(drawn(aMap("a b", "a>b", "b>a 3ms fault", "b>b 1ms"))).toMatchInlineSnapshot(`
    "
      ┌─────┐     ┌─────┐
      │ a ● ├─8ms▶│ b ● │
      └─────┘     └─────┘
      ↩ b calls back a  3ms ✖
      ↩ b calls itself  1ms ●
    "
  `);
});

it("names give way before the map does: first the padding, then their ends", () => {
  const long = aMap(
    "call-cli storefront checkout shop@catalog-db",
    "call-cli>storefront",
    "storefront>checkout",
    "checkout>shop@catalog-db",
  );
  expect(drawn(long, { columns: 82 })).toMatchInlineSnapshot(`
    "
      ┌────────────┐     ┌──────────────┐     ┌────────────┐     ┌───────────────────┐
      │ call-cli ● ├─8ms▶│ storefront ● ├─8ms▶│ checkout ● ├─8ms▶│ shop@catalog-db ● │
      └────────────┘     └──────────────┘     └────────────┘     └───────────────────┘
    "
  `);
  expect(drawn(long, { columns: 72 })).toMatchInlineSnapshot(`
    "
      ┌──────────┐     ┌────────────┐     ┌──────────┐     ┌───────────────┐
      │call-cli ●├─8ms▶│storefront ●├─8ms▶│checkout ●├─8ms▶│shop@catalog… ●│
      └──────────┘     └────────────┘     └──────────┘     └───────────────┘
    "
  `);
});

it("a wide terminal shows the second lines in full", () => {
  expect(
    drawn(aMap("web:throttle:440×_125ms orders:ok:DynamoDB_440×_12ms", "web>orders"), { columns: 120 }),
  ).toMatchInlineSnapshot(`
    "
      ┌────────────┐     ┌────────────────────┐
      │ web ‖      ├─8ms▶│ orders ●           │
      │ 440×_125ms │     │ DynamoDB_440×_12ms │
      └────────────┘     └────────────────────┘
    "
  `);
});

it("more than twelve services are a tree, a service known from above is named again", () => {
  const names = Array.from({ length: 13 }, (_, index) => `s${index}`);
  const calls = names.slice(1).map((name, index) => `s${Math.floor(index / 4)}>${name}`);
  expect(drawn(aMap(names.join(" "), ...calls, "s12>s1 9ms error"))).toMatchInlineSnapshot(`
    "
      s0 ●
      ├ 8ms ▶ s1 ●
      │ ├ 8ms ▶ s5 ●
      │ ├ 8ms ▶ s6 ●
      │ ├ 8ms ▶ s7 ●
      │ └ 8ms ▶ s8 ●
      ├ 8ms ▶ s2 ●
      │ ├ 8ms ▶ s9 ●
      │ ├ 8ms ▶ s10 ●
      │ ├ 8ms ▶ s11 ●
      │ └ 8ms ▶ s12 ●
      │   └ 9ms ▶ s1 ●  (above)
      ├ 8ms ▶ s3 ●
      └ 8ms ▶ s4 ●
    "
  `);
});

it("a deep tree loses its left part, not its names", () => {
  const names = Array.from({ length: 30 }, (_, index) => `service-${index}`);
  const chain = aMap(names.join(" "), ...names.slice(1).map((name, index) => `${names[index]}>${name}`));
  const lines = drawMap(chain, makeStyle({ columns: 40 }));
  expect(lines.at(-1)).toMatchInlineSnapshot(`"…                 └ 8ms ▶ service-29 ●"`);
  expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(40);
});

it("services without calls stand below one another", () => {
  expect(drawn(aMap("a b"))).toMatchInlineSnapshot(`
    "
      ┌─────┐
      │ a ● │
      └─────┘
      ┌─────┐
      │ b ● │
      └─────┘
    "
  `);
  expect(drawMap({ nodes: [], edges: [] }, makeStyle())).toEqual([]);
});

describe("whatever the map", () => {
  const anyName = fc.stringMatching(/^[a-z漢é@.-]{1,40}$/);
  const anyState = fc.constantFrom<State>(...states);
  const anyMap: fc.Arbitrary<MapView> = fc.integer({ min: 1, max: 16 }).chain((size) => {
    const at = fc.integer({ min: 0, max: size - 1 });
    return fc.record({
      nodes: fc.array(fc.record({ name: anyName, state: anyState }), { minLength: size, maxLength: size }),
      edges: fc.array(
        fc.record({ from: at, to: at, label: fc.constantFrom("<1ms", "8ms", "12.5s"), state: anyState }),
        { maxLength: 30 },
      ),
    });
  });
  const plain = (text: string): string => text.replace(/\p{Cc}\[[\d;]*m/gu, "");

  it.each([40, 60, 80, 120, 200])("no line is wider than %i columns", (columns) => {
    fc.assert(
      fc.property(anyMap, fc.boolean(), (map, ascii) => {
        for (const line of drawMap(map, makeStyle({ columns, ascii, colour: true }))) {
          expect(widthOf(plain(line))).toBeLessThanOrEqual(columns);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("every service is there, and every call arrives", () => {
    fc.assert(
      fc.property(anyMap, (map) => {
        const distinct = map.nodes.map((node, index) => ({ ...node, name: `n${index}` }));
        const text = drawMap({ ...map, nodes: distinct }, makeStyle({ columns: 200 })).join("\n");
        for (const { name } of distinct) expect(text).toMatch(new RegExp(`\\b${name}\\b`));
        const arrivals = text.split("▶").length + text.split("↩").length - 2;
        expect(arrivals).toBe(map.edges.length);
      }),
      { numRuns: 300 },
    );
  });
});
