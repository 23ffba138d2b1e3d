import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Facet } from "../../analysis/facet.ts";
import type { AnnotationValue } from "../../trace/segment.ts";
import { endsOf, type TimeSpan } from "../address/time-span.ts";
import { readGroups } from "./groups-client.ts";
import { type KnownValues, readOverview, readValues } from "./read-overview.ts";
import type { WantedValues } from "./wanted-values.ts";

/** What the server says of the data, for completion. */
export interface KnownData {
  readonly facets: readonly Facet[];
  /** Values that were looked for. */
  readonly found: { readonly keyword: string; readonly values: readonly AnnotationValue[] } | undefined;
  readonly groups: readonly string[];
}

const freshMs = 30_000;
const valuesAFacet = 40;
/** A pause between two keys after which the data is asked. */
const pauseMs = 120;
const noFacets: readonly Facet[] = [];
const noGroups: readonly string[] = [];

/** Asks for it once somebody types: the common values of everything, and those of the keyword at the cursor. */
export function useKnownData(isTyping: boolean, wanted: WantedValues | undefined, span: TimeSpan): KnownData {
  const [settled, setSettled] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(wanted), pauseMs);
    return () => clearTimeout(timer);
  }, [wanted]);
  const asked = { enabled: isTyping, staleTime: freshMs };
  const range = () => endsOf(span, Date.now() / 1000);
  const facets = useQuery({
    ...asked,
    queryKey: ["completion", span],
    queryFn: ({ signal }) => readOverview({ ...range(), filter: "", values: valuesAFacet }, { signal }),
  });
  const values = useQuery<KnownValues>({
    ...asked,
    enabled: isTyping && settled !== undefined,
    queryKey: ["values", span, settled],
    queryFn: ({ signal }) => readValues({ ...range(), ...settled! }, signal),
    // Not every keyword's values are known.
    retry: false,
  });
  const groups = useQuery({ ...asked, queryKey: ["groups"], queryFn: ({ signal }) => readGroups(signal) });
  return {
    facets: facets.data?.facets ?? noFacets,
    found:
      settled === undefined || values.data === undefined
        ? undefined
        : { keyword: settled.keyword, values: values.data.values.map(({ value }) => value) },
    groups: groups.data?.map(({ GroupName }) => GroupName) ?? noGroups,
  };
}
