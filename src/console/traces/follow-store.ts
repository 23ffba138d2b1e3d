import { create } from "zustand";
import { read, write } from "../ui/remember.ts";

const storageKey = "fluoroscope.follow";

/** Whether the list takes newcomers in by itself while its top is looked at. Stays with the browser. */
export const useFollow = create<{ readonly isOn: boolean }>(() => ({ isOn: read(storageKey) === "on" }));

export function switchFollow(isOn: boolean): void {
  write(storageKey, isOn ? "on" : "off");
  useFollow.setState({ isOn });
}
