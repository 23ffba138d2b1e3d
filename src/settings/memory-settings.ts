import { initialSettings, type Settings } from "./settings.ts";
import type { SettingsStore } from "./settings-store.ts";

/** Settings that end with the process: for `--ephemeral`, and for tests. */
export function memorySettings(): SettingsStore {
  let settings: Settings = initialSettings;
  return {
    read: async () => settings,
    async change(make) {
      const changed = make(settings);
      settings = changed.settings;
      return changed.result;
    },
  };
}
