import fc from "fast-check";
import { expect, it } from "vitest";
import { isSourceTemplate, sourceLink } from "./source-link.ts";

const code = "vscode://file/{file}:{line}";
const forge = "https://git.example/shop/blob/main/{file}#L{line}";

it("leads to a line in an editor, or at a forge", () => {
  expect(sourceLink(code, "/srv/app/charge.ts", 42)).toBe("vscode://file/srv/app/charge.ts:42");
  expect(sourceLink(code, "file:///srv/app.mjs", undefined)).toBe("vscode://file/srv/app.mjs:1");
  expect(sourceLink(code, "C:\\shop\\a b.cs", 7)).toBe("vscode://file/C%3A/shop/a%20b.cs:7");
  expect(sourceLink(forge, "src/charge.ts", 3)).toBe("https://git.example/shop/blob/main/src/charge.ts#L3");
  expect(sourceLink("idea://open?file={file}&line={line}", "/a/b.kt", 9)).toBe("idea://open?file=a/b.kt&line=9");
});

it("takes addresses of editors and of sites over HTTPS alone, with the site said in the template", () => {
  expect([code, forge].every(isSourceTemplate)).toBe(true);
  for (const template of [
    ...["javascript:alert(1)//{file}", "http://git.example/{file}", "https://{file}/", "https://a@b.example/{file}"],
    ...[
      "data:text/html,{file}",
      "vscode://evil.extension/{file}",
      "https://git.example/",
      " https://x.example/{file}",
      "",
    ],
  ]) {
    expect([template, isSourceTemplate(template)]).toEqual([template, false]);
    expect(sourceLink(template, "a.ts", 1)).toBeUndefined();
  }
});

it("stays where the template leads, whatever a stack says", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("../../../login?next=//evil.example", "//evil.example/x", "$&$'", "{line}", "a?b#c", "\n<script>"),
  );
  fc.assert(
    fc.property(hostile, fc.option(fc.nat(), { nil: undefined }), (path, line) => {
      const { protocol, host, pathname, search } = new URL(sourceLink(forge, path, line)!);
      expect([protocol, host, search]).toEqual(["https:", "git.example", ""]);
      expect(pathname.startsWith("/shop/blob/main/")).toBe(true);
    }),
  );
});
