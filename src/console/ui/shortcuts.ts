import { useEffect, useRef } from "react";
import { create } from "zustand";
import { read, write } from "./remember.ts";

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

interface Layer {
  readonly isPage: boolean;
  shortcuts: Shortcuts;
}

const layers = new Set<Layer>();
let first: { key: string; atMs: number } | undefined;

/**
 * Keys that do something while no one is typing. Named as they arrive (`?`, `/`, `j`), pairs as `g m`. What a page makes of
 * a key goes before what it means everywhere.
 */
export function useShortcuts(shortcuts: Shortcuts, where: "page" | "everywhere" = "page"): void {
  const layer = useRef<Layer>({ isPage: where === "page", shortcuts });
  useEffect(() => {
    layer.current.shortcuts = shortcuts;
  });
  useEffect(() => {
    const own = layer.current;
    if (layers.size === 0) window.addEventListener("keydown", onKey);
    layers.add(own);
    return () => {
      layers.delete(own);
      if (layers.size === 0) window.removeEventListener("keydown", onKey);
    };
  }, []);
}

function onKey(event: KeyboardEvent): void {
  if (!useShortcutSetting.getState().areOn || event.defaultPrevented) return;
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const isPair = first !== undefined && Date.now() - first.atMs < pairMs;
  const name = isPair ? `${first!.key} ${event.key}` : event.key;
  first = undefined;
  const inOrder = [...layers].sort((a, b) => Number(b.isPage) - Number(a.isPage));
  const act = inOrder.map(({ shortcuts }) => shortcuts[name]).find((each) => each !== undefined);
  if (act !== undefined) {
    event.preventDefault();
    act(event);
  } else if (inOrder.some(({ shortcuts }) => Object.keys(shortcuts).some((each) => each.startsWith(`${event.key} `)))) {
    first = { key: event.key, atMs: Date.now() };
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("dialog") !== null) return true;
  return target.isContentEditable || /^(input|select|textarea)$/i.test(target.tagName);
}
