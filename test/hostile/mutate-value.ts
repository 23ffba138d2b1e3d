type Chance = (limit: number) => number;

/** What stands where something else was meant to. */
const odd: readonly unknown[] = [
  ...[null, true, false, 0, -1, -0, 0.5, 1e308, 5e-324, 4_294_967_296, Number.MAX_SAFE_INTEGER, 1_700_000_000.5],
  ...[
    "",
    "0",
    "a",
    "\ud800",
    "\u0000",
    "\u202e\u001b[31m\r\n",
    "__proto__",
    "1e999",
    "NaN",
    "<script>alert(1)</script>",
  ],
  ...["x".repeat(300), '"; click n0 & "', "https://a:b@[::1]:99999/?token=1#x", "0".repeat(32), "f".repeat(16)],
  ...[[], {}, [[]], [null], { a: null }, ["a", 1, {}]],
];
const names = [
  "__proto__",
  "constructor",
  "toString",
  "length",
  "",
  "id",
  "name",
  "values",
  "value",
  "\ud800",
  "a.b[0]",
];
const deepest = 40;

/** A value of JSON with one to four changes somewhere in it: still JSON, and no longer what was meant. */
export function mutateValue(value: unknown, chance: Chance): unknown {
  let changed = value;
  for (let changes = 1 + chance(4); changes > 0; changes -= 1) changed = changeIn(changed, value, chance);
  return changed;
}

/** Goes down some way, and changes what it finds there; the rest is as it was. */
function changeIn(value: unknown, whole: unknown, chance: Chance): unknown {
  if (typeof value !== "object" || value === null || chance(6) === 0) return changeHere(value, whole, chance);
  const entries = Object.entries(value);
  if (entries.length === 0) return changeHere(value, whole, chance);
  const at = chance(entries.length);
  const changed = entries.map(([name, each], index) => [name, index === at ? changeIn(each, whole, chance) : each]);
  return Array.isArray(value) ? changed.map(([, each]) => each) : Object.fromEntries(changed);
}

function changeHere(value: unknown, whole: unknown, chance: Chance): unknown {
  const list = Array.isArray(value) ? (value as unknown[]) : undefined;
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  switch (chance(7)) {
    case 0:
    case 1:
      return odd[chance(odd.length)];
    case 2:
      // From another place of the same.
      return somewhereIn(whole, chance);
    case 3:
      if (list !== undefined) return list.flatMap((each) => Array.from({ length: chance(6) }, () => each));
      return Object.fromEntries(members.filter(() => chance(3) > 0));
    case 4: {
      const name = names[chance(names.length)]!;
      return Object.fromEntries([...members, [name, somewhereIn(whole, chance)]]);
    }
    case 5: {
      let nested = value;
      for (let depth = chance(deepest); depth > 0; depth -= 1)
        nested = chance(2) === 0 ? [nested] : { subsegments: [nested] };
      return nested;
    }
    default:
      return typeof value === "number"
        ? value * (chance(3) - 1) * 1_000
        : typeof value === "string"
          ? value.slice(chance(4))
          : value;
  }
}

function somewhereIn(value: unknown, chance: Chance): unknown {
  if (typeof value !== "object" || value === null || chance(3) === 0) return value;
  const values: unknown[] = Object.values(value);
  return values.length === 0 ? value : somewhereIn(values[chance(values.length)], chance);
}
