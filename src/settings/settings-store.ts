import type { Settings } from "./settings.ts";

/** Where settings are kept. Whoever has seen a change acknowledged, reads it. */
export interface SettingsStore {
  /** The newest settings, as a whole that no later change touches. */
  read(): Promise<Settings>;
  /**
   * Makes new settings of the newest ones. Changes are made one after another; the answer resolves when the new settings
   * are durable. A `make` that throws changes nothing, and its error is the answer's. Rejects with
   * `FLUORO_SETTINGS_WRITE` when they cannot be kept.
   */
  change<T>(make: (settings: Settings) => Changed<T>): Promise<T>;
}

export interface Changed<T> {
  readonly settings: Settings;
  readonly result: T;
}
