import { useMemo, useState } from "react";
import { read, write } from "../ui/remember.ts";
import type { Point } from "./map-layout.ts";
import { type Pins, readPins, writePins } from "./pin-places.ts";

export interface Pinning {
  readonly pins: Pins;
  readonly pin: (key: string, place: Point) => void;
  readonly unpinAll: () => void;
}

/**
 * Where services were put by hand, kept in this browser for each way of arranging the map. Places that an address brings
 * go before the browser's own; `onTaken` is called when they have become its own.
 */
export function usePins(arrangement: string, shared: string | undefined, onTaken: () => void): Pinning {
  const storageKey = `fluoroscope.map.places.${arrangement}`;
  const [kept, setKept] = useState<{ storageKey: string; pins: Pins }>();
  const own = kept?.storageKey === storageKey ? kept.pins : undefined;
  const pins = useMemo(
    () => (shared === undefined ? (own ?? readPins(read(storageKey))) : readPins(shared)),
    [shared, own, storageKey],
  );
  const keep = (next: Pins): void => {
    write(storageKey, writePins(next));
    setKept({ storageKey, pins: next });
    if (shared !== undefined) onTaken();
  };
  return {
    pins,
    pin: (key, place) => keep(new Map([...pins, [key, place]])),
    unpinAll: () => keep(new Map()),
  };
}
