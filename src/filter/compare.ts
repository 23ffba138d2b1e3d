import type { AnnotationTest, NumberComparison, Presence, TextComparison } from "./tree.ts";

/** Whether a value passes; for `!=`, whether it is equal, since that is the negation of `=`. */
export function comparesNumber(test: Presence | NumberComparison): (value: number) => boolean {
  if (test.operator === "present") return () => true;
  const wanted = test.value;
  switch (test.operator) {
    case "=":
    case "!=":
      return (value) => value === wanted;
    case "<":
      return (value) => value < wanted;
    case "<=":
      return (value) => value <= wanted;
    case ">":
      return (value) => value > wanted;
    case ">=":
      return (value) => value >= wanted;
  }
}

/** As `comparesNumber`. Letters are compared with their case, unless the test says otherwise. */
export function comparesText(test: Presence | TextComparison): (value: string) => boolean {
  if (test.operator === "present") return () => true;
  if (test.ignoresCase) {
    const compares = comparesText({ operator: test.operator, value: test.value.toLowerCase() });
    return (value) => compares(value.toLowerCase());
  }
  const wanted = test.value;
  switch (test.operator) {
    case "=":
    case "!=":
      return (value) => value === wanted;
    case "contains":
      return (value) => value.includes(wanted);
    case "beginswith":
      return (value) => value.startsWith(wanted);
    case "endswith":
      return (value) => value.endsWith(wanted);
  }
}

/** As `comparesNumber`, for annotations and metadata. A value of another type than what it is compared with never passes. */
export function comparesAny(test: AnnotationTest["test"]): (value: unknown) => boolean {
  if (test.operator === "present") return (value) => value !== false;
  const wanted = test.value;
  if (typeof wanted === "boolean") return (value) => value === wanted;
  if (typeof wanted === "number") {
    const compares = comparesNumber(test as NumberComparison);
    return (value) => typeof value === "number" && compares(value);
  }
  const compares = comparesText(test as TextComparison);
  return (value) => typeof value === "string" && compares(value);
}
