import { init } from "./init.ts";

// `node --import fluoroscope-sdk/register app.js`: an application that cannot be traced still runs.
try {
  init();
} catch (error) {
  process.emitWarning(error instanceof Error ? error.message : String(error), { type: "FluoroscopeWarning" });
}
