#!/usr/bin/env node
// The original script's name: `call-api -u URL` is `fluoroscope call -u URL`.
process.argv.splice(2, 0, "call");
await import("./main.ts");
