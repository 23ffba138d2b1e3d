import { expect, it } from "vitest";
import { aDocument, aStreamedSubsegment } from "../../test/fixtures/builders.ts";
import { translatePack } from "./translate-pack.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);
const spansOf = (request: Uint8Array): string[] =>
  JSON.parse(Buffer.from(request).toString()).resourceSpans.flatMap(
    ({ scopeSpans }: { scopeSpans: { spans: { spanId: string }[] }[] }) =>
      scopeSpans.flatMap(({ spans }) => spans.map(({ spanId }) => spanId)),
  );

it("says of each document what became of it", () => {
  const { translated, request } = translatePack([aDocument({ id: "00000000000000a1" }), "x"].map(bytes));
  expect(spansOf(request!)).toEqual(["00000000000000a1"]);
  expect(translated).toMatchObject([
    { refusal: undefined, spans: 1, segmentId: "00000000000000a1" },
    { refusal: { code: "InvalidJson", retryable: false }, spans: 0 },
  ]);
  expect(translatePack([bytes("x")]).request).toBeUndefined();
});

it("a pack gives the same spans whether its documents are read one by one or together", () => {
  const documents = Array.from({ length: 20 }, (_, at) =>
    aDocument({ id: (at + 1).toString(16).padStart(16, "0"), name: `service ${at % 3}` }),
  );
  const apart = aStreamedSubsegment({ id: "00000000000000ff", parent_id: "0000000000000001" });
  const alone = translatePack(documents.map(bytes));
  const together = translatePack([...documents, apart].map(bytes));
  expect(spansOf(together.request!).filter((id) => id !== "00000000000000ff")).toEqual(spansOf(alone.request!));
  expect(together.translated.map(({ spans }) => spans)).toEqual([...documents.map(() => 1), 1]);
});
