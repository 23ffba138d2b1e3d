/** The version of this package: a test holds it to package.json, which is not at hand in a bundle. */
export const packageVersion = "0.1.0";
