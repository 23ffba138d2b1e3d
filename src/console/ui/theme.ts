import { create } from "zustand";

export type Theme = "system" | "light" | "dark";

const themes: readonly Theme[] = ["system", "light", "dark"];
const storageKey = "fluoroscope.theme";

/** The chosen theme, and whether what is seen is dark. It stays with the browser: it is no part of what is shared. */
export const useTheme = create<{ readonly theme: Theme; readonly isDark: boolean }>(() => ({
  theme: "system",
  isDark: false,
}));

const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");

/** Takes the theme of last time, before anything is drawn. */
export function restoreTheme(): void {
  const stored = read(storageKey);
  setTheme(themes.find((theme) => theme === stored) ?? "system");
  prefersDark.addEventListener("change", () => setTheme(useTheme.getState().theme));
}

/** The other one than is seen; back to the system's when that is the same. */
export function toggleTheme(): void {
  const next = useTheme.getState().isDark ? "light" : "dark";
  setTheme(next === (prefersDark.matches ? "dark" : "light") ? "system" : next);
}

function setTheme(theme: Theme): void {
  const isDark = theme === "system" ? prefersDark.matches : theme === "dark";
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
  write(storageKey, theme);
  useTheme.setState({ theme, isDark });
}

/** What this browser remembers, where it remembers anything. */
export function read(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    // Storage is off: every visit is the first one.
    return undefined;
  }
}

export function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage is off or full: the choice lasts as long as the page.
  }
}
