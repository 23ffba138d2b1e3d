// What `register` does, with every request recorded: for bench/sdk.ts.
const { init } = await import(process.env.FLUOROSCOPE_SDK);
init({ name: "bench", sampling: "always" });
