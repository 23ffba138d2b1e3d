import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactElement, useEffect, useId, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { GetGroupsResponse, GetServiceGraphResponse } from "../../api/wire.ts";
import { serviceText } from "../address/selector-text.ts";
import { useView } from "../address/use-view.ts";
import { pageAddress, type View } from "../address/view-address.ts";
import { post } from "../api-client.ts";
import { checkFilter } from "../filter-bar/check-filter.ts";
import { toggleFollowing } from "../live/live-store.ts";
import { setContrast, toggleTheme, useTheme } from "../ui/theme.ts";
import { findItems, type PaletteItem, typedTrace } from "./palette-items.ts";
import { openHelp } from "./shortcut-help.tsx";

const mostShown = 12;

/** Everything that can be gone to or done, found by typing. */
export function CommandPalette({ onClose }: { onClose: () => void }): ReactElement {
  const { view } = useView();
  const [, navigate] = useLocation();
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const listId = useId();
  const found = useItems(view, text);
  const at = Math.min(active, Math.max(0, found.length - 1));

  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  useEffect(() => {
    document.getElementById(`${listId}-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [listId, at]);

  const take = (item: PaletteItem | undefined): void => {
    if (item === undefined) return;
    dialog.current?.close();
    if (item.href !== undefined) navigate(item.href);
    item.run?.();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setActive((at + step + found.length) % Math.max(1, found.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(found[at]);
    }
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside it closes it; by keyboard, Escape does
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Go to, or do"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div>
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={found.length > 0 ? `${listId}-${at}` : undefined}
          aria-label="Page, service, setting or trace"
          placeholder="A page, a service, a setting, a trace's id, a filter expression"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          spellCheck={false}
          autoComplete="off"
        />
        <div role="listbox" id={listId} aria-label="What was found">
          {found.map((item, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: as above
            // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus and says which option is active
            <div
              key={item.id}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === at}
              onClick={() => take(item)}
              onPointerMove={() => setActive(index)}
            >
              <span className="url">{item.label}</span>
              <span className="muted">{item.kind}</span>
            </div>
          ))}
        </div>
        {found.length === 0 && <p className="muted">Nothing is called that.</p>}
      </div>
    </dialog>
  );
}

const pages = [
  ["Map", "/map"],
  ["Traces", "/traces"],
  ["Compare", "/compare"],
  ["Services", "/services"],
  ["Insights", "/insights"],
] as const;

const settings = [
  ["Storage", "storage", "retention disk size forecast"],
  ["Sampling rules", "sampling", "simulator reservoir rate"],
  ["Groups", "groups", "filter insights"],
  ["Access keys", "access", "token login secret"],
  ["Problems", "problems", "refused documents errors"],
  ["Set up", "setup", "snippets sdk send"],
  ["Agents", "agents", "mcp assistant"],
  ["This browser", "browser", "theme contrast shortcuts"],
] as const;

/** What fits the text: a trace or an expression that it is, then pages, settings, services, groups and actions. */
function useItems(view: View, text: string): PaletteItem[] {
  const client = useQueryClient();
  const isDark = useTheme((theme) => theme.isDark);
  const isHigh = useTheme((theme) => theme.look.endsWith("more"));
  const [groups, setGroups] = useState<GetGroupsResponse["Groups"]>([]);
  useEffect(() => {
    const asked = new AbortController();
    post<GetGroupsResponse>("/Groups", {}, { signal: asked.signal }).then(
      ({ Groups }) => setGroups(Groups),
      // Without an answer groups are not among what can be found.
      () => undefined,
    );
    return () => asked.abort();
  }, []);

  const items: PaletteItem[] = [
    ...pages.map(([label, path]) => ({ id: path, label, kind: "page", href: pageAddress(path, view) })),
    ...settings.map(([label, section, also]) => ({
      ...{ id: section, label, kind: "settings", also },
      href: pageAddress(`/settings/${section}`, view),
    })),
    { id: "theme", label: isDark ? "Light theme" : "Dark theme", kind: "action", run: toggleTheme },
    {
      id: "contrast",
      label: isHigh ? "Normal contrast" : "High contrast",
      kind: "action",
      run: () => setContrast(isHigh ? "normal" : "more"),
    },
    { id: "live", label: "Live or standing still", kind: "action", run: toggleFollowing },
    { id: "help", label: "Keyboard shortcuts", kind: "action", run: openHelp },
    {
      id: "copy",
      label: "Copy a link to this view",
      kind: "action",
      run: () => void navigator.clipboard.writeText(window.location.href).catch(() => undefined),
    },
    ...groups
      .filter(({ FilterExpression }) => FilterExpression)
      .map(({ GroupName, FilterExpression = "" }) => ({
        ...{ id: `group ${GroupName}`, label: GroupName, kind: "group" },
        href: pageAddress("/traces", view, { filter: FilterExpression }),
      })),
    ...servicesIn(client.getQueriesData<GetServiceGraphResponse>({ queryKey: ["graph"] })).map((node) => ({
      ...{ id: `service ${node.name} ${node.type ?? ""}`, label: node.name, kind: "service", also: node.type ?? "" },
      href: pageAddress("/map", view, { select: serviceText(node) }),
    })),
  ];
  const found = findItems(items, text);
  const trace = typedTrace(text);
  if (trace !== undefined) {
    found.unshift({ id: "trace", label: trace, kind: "trace", href: pageAddress(`/trace/${trace}`, view) });
  }
  const filter = text.trim();
  if (filter !== "" && trace === undefined && checkFilter(filter) === undefined) {
    found.push({
      ...{ id: "filter", label: filter, kind: "filter traces" },
      href: pageAddress("/traces", view, { filter }),
    });
  }
  return found.slice(0, mostShown);
}

/** Services of the graphs that this page has seen. */
function servicesIn(graphs: readonly (readonly [unknown, GetServiceGraphResponse | undefined])[]) {
  const nodes = new Map<string, { name: string; type?: string }>();
  for (const [, graph] of graphs) {
    for (const { Name, Type } of graph?.Services ?? []) {
      if (Type === "client") continue;
      nodes.set(`${Name} ${Type ?? ""}`, { name: Name, ...(Type !== undefined && { type: Type }) });
    }
  }
  return [...nodes.values()];
}
