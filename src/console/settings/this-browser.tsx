import { type ReactElement, useState } from "react";
import { Field } from "../ui/field.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { switchShortcuts, useShortcutSetting } from "../ui/shortcuts.ts";
import { isSourceTemplate, setSourceTemplate, useSourceTemplate } from "../ui/source-link.ts";
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
        <h3>Source</h3>
        <SourceTemplate />
        <h3>Motion</h3>
        <p className="muted">Nothing moves by itself where the system asks for reduced motion.</p>
      </div>
    </section>
  );
}

/** Where a line of a stack leads to. */
function SourceTemplate(): ReactElement {
  const [text, setText] = useState(() => useSourceTemplate.getState().template);
  const isRight = text === "" || isSourceTemplate(text);
  return (
    <Field
      label="Lines of a stack lead to"
      hint="{file} and {line} are put in. An editor (vscode://file/…, idea://open?…) or a site (https://…)."
    >
      <input
        className="mono"
        value={text}
        placeholder="vscode://file/{file}:{line}"
        aria-invalid={!isRight}
        spellCheck={false}
        onChange={({ target: { value } }) => {
          setText(value);
          if (value === "" || isSourceTemplate(value)) setSourceTemplate(value);
        }}
      />
    </Field>
  );
}
