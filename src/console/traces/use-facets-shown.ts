import { useState } from "react";
import { read, write } from "../ui/remember.ts";

const storageKey = "fluoroscope.facets";
/** On narrower pages the attributes would take the list's room, until they are asked for. */
const roomyPixels = 1_000;

/** Whether the attributes stand beside the list; stays with the browser. */
export function useFacetsShown(): readonly [boolean, (areShown: boolean) => void] {
  const [areShown, setShown] = useState(() => window.innerWidth >= roomyPixels && read(storageKey) !== "off");
  const show = (next: boolean): void => {
    if (window.innerWidth >= roomyPixels) write(storageKey, next ? "on" : "off");
    setShown(next);
  };
  return [areShown, show];
}
