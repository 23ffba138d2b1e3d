import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { blindness, contrast, difference, type Linear, readColour, seenBy } from "../../../test/fixtures/colours.ts";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

/** The colours that a rule of the style sheet sets. */
function setBy(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  if (start < 0) throw new Error(`tokens.css has no rule for ${selector}`);
  const rule = css.slice(start, css.indexOf("}", start));
  return Object.fromEntries(
    [...rule.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name!, value!]),
  );
}

const light = setBy(":root");
const dark = { ...light, ...setBy(':root[data-theme="dark"]') };
const more = setBy(':root[data-contrast="more"]');
const looks: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  light,
  dark,
  "light, more contrast": { ...light, ...more },
  "dark, more contrast": { ...dark, ...more, ...setBy(':root[data-theme="dark"][data-contrast="more"]') },
};
const states = ["ok", "error", "throttle", "fault"] as const;
const grounds = ["ground", "surface", "raised", "sunken", "hover"] as const;

describe.each(Object.entries(looks))("the colours of the look: %s", (look, colours) => {
  const of = (name: string): Linear => readColour(colours[name] ?? "");
  const isMore = look.includes("more");

  it("text stands out from every ground it is on", () => {
    const least = isMore ? 7 : 4.5;
    for (const ground of grounds) {
      for (const text of [
        "text",
        "muted",
        "accent",
        "accent-strong",
        ...states.slice(1).map((state) => `${state}-text`),
      ]) {
        // Coloured text is on plain grounds only.
        if (text.endsWith("-text") && ["sunken", "hover"].includes(ground)) continue;
        expect([text, ground, contrast(of(text), of(ground)) >= least]).toEqual([text, ground, true]);
      }
    }
    for (const state of states) {
      expect(contrast(of(`${state}-text`), of(`${state}-soft`))).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(of("on-accent"), of("accent"))).toBeGreaterThanOrEqual(least);
    expect(contrast(of("text"), of("accent-soft"))).toBeGreaterThanOrEqual(4.5);
  });

  it("the states, the sides of a comparison and the focus can be seen on every ground", () => {
    for (const ground of ["ground", "surface", "raised"]) {
      for (const mark of [...states, "side-a", "side-b", "focus"]) {
        expect([mark, ground, contrast(of(mark), of(ground)) >= 3]).toEqual([mark, ground, true]);
      }
    }
  });

  it("the states are told apart, by the colour-blind too", () => {
    const views: readonly (readonly [string, (colour: Linear) => Linear])[] = [
      ["everybody", (colour) => colour],
      ...Object.entries(blindness).map(([kind, rows]) => [kind, (colour: Linear) => seenBy(rows, colour)] as const),
    ];
    for (const [who, seen] of views) {
      for (const [at, one] of states.entries()) {
        for (const other of states.slice(at + 1)) {
          const apart = difference(seen(of(one)), seen(of(other)));
          expect([who, one, other, apart.toFixed(1), apart >= 10]).toEqual([who, one, other, apart.toFixed(1), true]);
        }
      }
    }
  });
});
