/** Which file stands for which package of X-Ray's SDK: beside `register`, in the packed SDK. */
const files: Readonly<Record<string, string>> = {
  "aws-xray-sdk": "./all.cjs",
  "aws-xray-sdk-core": "./core.cjs",
  "aws-xray-sdk-express": "./express.cjs",
  "aws-xray-sdk-fetch": "./fetch.cjs",
  "aws-xray-sdk-mysql": "./mysql.cjs",
  "aws-xray-sdk-postgres": "./postgres.cjs",
};

/** The URL of what stands for a module of X-Ray's SDK; undefined for any other module. */
export function standInFor(specifier: string): string | undefined {
  const file = Object.hasOwn(files, specifier) ? files[specifier] : undefined;
  return file === undefined ? undefined : new URL(file, import.meta.url).href;
}
