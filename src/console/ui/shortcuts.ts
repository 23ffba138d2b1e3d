import { useEffect, useRef } from "react";
import { create } from "zustand";
import { read, write } from "./theme.ts";

const storageKey = "fluoroscope.shortcuts";

/** Single keys do something unless they are switched off (WCAG 2.1.4). */
export const useShortcutSetting = create<{ readonly areOn: boolean }>(() => ({ areOn: read(storageKey) !== "off" }));

export function switchShortcuts(areOn: boolean): void {
  write(storageKey, areOn ? "on" : "off");
  useShortcutSetting.setState({ areOn });
}

export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** How long after `g` the second key of a pair may come. */
const pairMs = 1_200;

/**
 * Keys that do something while no one is typing. Named as they arrive (`?`, `/`, `j`), pairs as `g m`.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    let first: { key: string; atMs: number } | undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (!useShortcutSetting.getState().areOn || event.defaultPrevented) return;
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const isPair = first !== undefined && Date.now() - first.atMs < pairMs;
      const name = isPair ? `${first!.key} ${event.key}` : event.key;
      first = undefined;
      const act = latest.current[name];
      if (act !== undefined) {
        event.preventDefault();
        act(event);
      } else if (Object.keys(latest.current).some((each) => each.startsWith(`${event.key} `))) {
        first = { key: event.key, atMs: Date.now() };
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("dialog") !== null) return true;
  return target.isContentEditable || /^(input|select|textarea)$/i.test(target.tagName);
}
