import type { RootCauseEntity, RootCauseService } from "../trace/digest.ts";
import { acceptValue, misplaced, type Reader, type Readers } from "./readers.ts";
import type { FlagKeyword, NumberKeyword } from "./tree.ts";

/** In the block of a root cause's services. */
export const causeServiceReaders: Readers<readonly RootCauseService[]> = {
  flag: (keyword) => (keyword === "inferred" ? (services, index) => services[index]!.inferred : positionFlag(keyword)),
  number: positionNumber,
  text(keyword) {
    if (keyword !== "name" && keyword !== "type") return misplaced(keyword);
    return (services, index, accept) => acceptValue(services[index]!.node[keyword], accept);
  },
  annotation: misplaced,
};

/** In the block of a root cause's entities. */
export const causeEntityReaders: Readers<readonly RootCauseEntity[]> = {
  flag: (keyword) => (keyword === "remote" ? (entities, index) => entities[index]!.remote : positionFlag(keyword)),
  number: (keyword) =>
    keyword === "coverage"
      ? (entities, index, accept) => acceptValue(entities[index]!.coverage, accept)
      : positionNumber(keyword),
  text(keyword) {
    return keyword === "name" ? (entities, index, accept) => accept(entities[index]!.name) : misplaced(keyword);
  },
  annotation: misplaced,
};

/** In the block of a root cause's exceptions. */
export const causeExceptionReaders: Readers<RootCauseEntity["exceptions"]> = {
  flag: positionFlag,
  number: positionNumber,
  text(keyword) {
    if (keyword !== "name" && keyword !== "message") return misplaced(keyword);
    return (exceptions, index, accept) => accept(exceptions[index]![keyword]);
  },
  annotation: misplaced,
};

function positionFlag(keyword: FlagKeyword): (list: readonly unknown[], index: number) => boolean {
  switch (keyword) {
    case "first":
      return (_, index) => index === 0;
    case "last":
      return (list, index) => index === list.length - 1;
    default:
      return misplaced(keyword);
  }
}

function positionNumber(keyword: NumberKeyword): Reader<readonly unknown[], number> {
  return keyword === "index" ? (_, index, accept) => accept(index) : misplaced(keyword);
}
