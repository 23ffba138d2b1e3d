import type { ReactElement } from "react";
import { switchShortcuts, useShortcutSetting } from "../ui/shortcuts.ts";

const groups: readonly { readonly title: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    title: "Everywhere",
    keys: [
      ["?", "This list"],
      ["/", "Filter, or search in a trace"],
      ["g m", "Map"],
      ["g t", "Traces"],
      ["g c", "Compare"],
      ["g v", "Services"],
      ["g i", "Insights"],
      ["g s", "Settings"],
      ["g p", "Problems"],
      ["Ctrl K", "Go to, or do, anything"],
      ["Ctrl V", "The trace whose id was copied"],
      ["[ ]", "Time back, forward"],
      ["l", "Live or standing still"],
      ["t", "Light or dark"],
    ],
  },
  {
    title: "Traces",
    keys: [
      ["j k", "Next, previous"],
      ["Enter", "Open"],
      ["x", "Pick for comparison"],
      ["f", "Follow"],
    ],
  },
  {
    title: "Map",
    keys: [
      ["f", "Find a service"],
      ["Tab", "From service to service"],
      ["← →", "Caller, callee"],
      ["↑ ↓", "Above, below"],
      ["Enter", "Select"],
      ["+ - 0", "Nearer, further, all"],
    ],
  },
  {
    title: "Waterfall",
    keys: [
      ["↑ ↓", "Row by row"],
      ["← →", "Fold, unfold"],
      ["*", "Unfold siblings"],
      ["Home End", "First, last"],
      ["Enter", "Details"],
      ["Esc", "Close details, then up"],
      ["n N", "Next, previous match"],
      ["m", "Matches only"],
      ["c", "Critical path"],
      [".", "This part alone"],
      ["+ - 0", "Nearer, further, all"],
      ["y", "Copy link to the row"],
    ],
  },
];

const dialogId = "shortcut-help";

/** Opens the list of keys. */
export function openHelp(): void {
  const dialog = document.getElementById(dialogId);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

/** The keys that do something, and the switch that turns them off. */
export function ShortcutHelp(): ReactElement {
  const areOn = useShortcutSetting((setting) => setting.areOn);
  return (
    <dialog id={dialogId} className="help" aria-labelledby="help-title">
      <form method="dialog">
        <header>
          <h2 id="help-title">Keyboard shortcuts</h2>
          <button type="submit">Close</button>
        </header>
      </form>
      <div className="help-groups">
        {groups.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, meaning]) => (
                <div key={key}>
                  <dt>
                    {key.split(" ").map((each) => (
                      <kbd key={each}>{each}</kbd>
                    ))}
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className="switch">
        <input type="checkbox" checked={areOn} onChange={(event) => switchShortcuts(event.target.checked)} />
        Single keys do something
      </label>
    </dialog>
  );
}
