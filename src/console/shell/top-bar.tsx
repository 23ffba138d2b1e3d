import type { ReactElement } from "react";
import { useView } from "../address/use-view.ts";
import { FilterBar } from "../filter-bar/filter-bar.tsx";
import { SpanPicker } from "../filter-bar/span-picker.tsx";
import { toggleFollowing, useLive } from "../live/live-store.ts";
import { Icon } from "../ui/icon.tsx";
import { toggleTheme, useTheme } from "../ui/theme.ts";
import { openHelp } from "./shortcut-help.tsx";

const titles: Readonly<Record<string, string>> = { "/compare": "Compare", "/insights": "Insights" };

/** Whose keyboards have a key for commands. */
const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** What is looked for and in which time; and what holds for the whole page. */
export function TopBar({ onPalette }: { onPalette: () => void }): ReactElement {
  const { path, view, show, go } = useView();
  const title = path.startsWith("/settings") ? "Settings" : titles[path];
  const hasFilter = path === "/map" || path === "/traces" || path === "/services" || path.startsWith("/trace/");
  const isTrace = path.startsWith("/trace/");
  return (
    <header className="top-bar">
      {hasFilter ? (
        <FilterBar
          filter={view.filter}
          span={view.span}
          onApply={(filter) => (isTrace ? go("/traces", { filter }) : show({ filter }, "push"))}
        />
      ) : (
        <div className="title">{title === undefined ? <p className="wordmark">fluoroscope</p> : <h1>{title}</h1>}</div>
      )}
      <div className="top-tools">
        {((hasFilter && !isTrace) || path === "/insights") && (
          <SpanPicker span={view.span} onPick={(span) => show({ span }, "push")} />
        )}
        <FollowButton />
        <button type="button" className="quiet palette-button" title="Go to, or do (Ctrl K)" onClick={onPalette}>
          <Icon name="search" size={14} />
          <span className="unseen">Go to, or do</span>
          <kbd>{isApple ? "⌘" : "Ctrl"} K</kbd>
        </button>
        <ThemeButton />
        <button
          type="button"
          className="quiet icon-only"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick={openHelp}
        >
          <Icon name="help" />
        </button>
      </div>
    </header>
  );
}

function FollowButton(): ReactElement {
  const isFollowing = useLive((live) => live.isFollowing);
  const isOpen = useLive((live) => live.connection.kind === "open");
  return (
    <button
      type="button"
      className={isFollowing && isOpen ? "quiet live on" : "quiet live"}
      aria-pressed={isFollowing}
      title={`${isFollowing ? "What you see follows what happens" : "What you see stands still"} (l)`}
      onClick={toggleFollowing}
    >
      <span className="live-dot" aria-hidden="true" />
      <span>Live</span>
    </button>
  );
}

function ThemeButton(): ReactElement {
  const isDark = useTheme((theme) => theme.isDark);
  const label = isDark ? "Light theme" : "Dark theme";
  return (
    <button type="button" className="quiet icon-only" aria-label={label} title={`${label} (t)`} onClick={toggleTheme}>
      <Icon name={isDark ? "sun" : "moon"} />
    </button>
  );
}
