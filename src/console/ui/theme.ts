import { create } from "zustand";
import { read, write } from "./remember.ts";

export type Theme = "system" | "light" | "dark";
export type Contrast = "system" | "normal" | "more";

const themes: readonly Theme[] = ["system", "light", "dark"];
const contrasts: readonly Contrast[] = ["system", "normal", "more"];

const themeKey = "fluoroscope.theme";
const contrastKey = "fluoroscope.contrast";

export interface ThemeState {
  readonly theme: Theme;
  readonly contrast: Contrast;
  readonly isDark: boolean;
  /** What is seen, in a word that changes whenever any colour does: whoever draws by hand draws again. */
  readonly look: string;
}

/** What was chosen, and what is seen. It stays with the browser: it is no part of what is shared. */
export const useTheme = create<ThemeState>(() => ({
  theme: "system",
  contrast: "system",
  isDark: false,
  look: "light",
}));

const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
const prefersMore = window.matchMedia("(prefers-contrast: more)");

/** Takes the theme of last time, before anything is drawn. */
export function restoreTheme(): void {
  const [theme, contrast] = [read(themeKey), read(contrastKey)];
  useTheme.setState({
    theme: themes.find((each) => each === theme) ?? "system",
    contrast: contrasts.find((each) => each === contrast) ?? "system",
  });
  show();
  prefersDark.addEventListener("change", show);
  prefersMore.addEventListener("change", show);
}

/** The other one than is seen; back to the system's when that is the same. */
export function toggleTheme(): void {
  const next = useTheme.getState().isDark ? "light" : "dark";
  setTheme(next === (prefersDark.matches ? "dark" : "light") ? "system" : next);
}

export function setTheme(theme: Theme): void {
  write(themeKey, theme);
  useTheme.setState({ theme });
  show();
}

export function setContrast(contrast: Contrast): void {
  write(contrastKey, contrast);
  useTheme.setState({ contrast });
  show();
}

function show(): void {
  const { theme, contrast } = useTheme.getState();
  const isDark = theme === "system" ? prefersDark.matches : theme === "dark";
  const hasMore = contrast === "system" ? prefersMore.matches : contrast === "more";
  const { dataset } = document.documentElement;
  dataset.theme = isDark ? "dark" : "light";
  dataset.contrast = hasMore ? "more" : "normal";
  useTheme.setState({ isDark, look: `${dataset.theme} ${dataset.contrast}` });
}
