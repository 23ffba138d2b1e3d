import { init } from "./init.ts";
import { openToLaterApis } from "./later-apis.ts";

// `node --import fluoroscope-sdk/register app.js`: an application that cannot be traced still runs.
try {
  init();
  openToLaterApis();
} catch (error) {
  process.emitWarning(error instanceof Error ? error.message : String(error), { type: "FluoroscopeWarning" });
}
