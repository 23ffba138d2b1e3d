import type { ReactElement } from "react";
import { Segmented } from "../ui/segmented.tsx";
import { switchShortcuts, useShortcutSetting } from "../ui/shortcuts.ts";
import { type Contrast, setContrast, setTheme, type Theme, useTheme } from "../ui/theme.ts";

const themes: readonly { readonly id: Theme; readonly label: string }[] = [
  { id: "system", label: "As the system" },
  { id: "light", label: "Light" },
  { id: "dark", label: "Dark" },
];
const contrasts: readonly { readonly id: Contrast; readonly label: string }[] = [
  { id: "system", label: "As the system" },
  { id: "normal", label: "Normal" },
  { id: "more", label: "High" },
];

/** What belongs to this browser rather than to the server. */
export function ThisBrowserSection(): ReactElement {
  const { theme, contrast } = useTheme();
  const areOn = useShortcutSetting((setting) => setting.areOn);
  return (
    <section className="card">
      <h2>This browser</h2>
      <p className="muted">Kept here, and no part of an address that you share.</p>
      <div className="choices">
        <h3>Theme</h3>
        <Segmented label="Theme" choices={themes} chosen={theme} onChoose={setTheme} />
        <h3>Contrast</h3>
        <Segmented label="Contrast" choices={contrasts} chosen={contrast} onChoose={setContrast} />
        <h3>Keyboard</h3>
        <label className="check">
          <input type="checkbox" checked={areOn} onChange={(event) => switchShortcuts(event.target.checked)} />
          Single keys do something (? lists them)
        </label>
        <h3>Motion</h3>
        <p className="muted">Nothing moves by itself where the system asks for reduced motion.</p>
      </div>
    </section>
  );
}
