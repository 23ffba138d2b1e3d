// Uses X-Ray's filter expressions on traces of your own, without a server: documents in, the traces that match out. A
// mistake in an expression says where it is.
//
//   node examples/own-filter/own-filter.mjs 'responsetime > 1 AND service("api") { fault }'
import { assembleTrace, digestTrace, FilterSyntaxError, matches, parseFilter, parseSegment } from "fluoroscope";

const documents = [
  {
    id: "1111111111111111",
    trace_id: "1-6553f100-000000000000000000000001",
    name: "api",
    start_time: 0,
    end_time: 0.2,
  },
  {
    ...{ id: "2222222222222222", trace_id: "1-6553f100-000000000000000000000002", name: "api", fault: true },
    ...{ start_time: 0, end_time: 1.5, annotations: { tier: "gold" } },
  },
];
const text = process.argv[2] ?? 'annotation.tier = "gold"';

try {
  const filter = parseFilter(text);
  for (const document of documents) {
    const { segments } = parseSegment(JSON.stringify(document));
    const digest = digestTrace(assembleTrace(document.trace_id, segments), 1);
    console.log(`${document.trace_id} ${matches(filter, digest) ? "matches" : "does not match"}`);
  }
} catch (error) {
  if (!(error instanceof FilterSyntaxError)) throw error;
  console.error(`${text}\n${" ".repeat(error.at)}^ ${error.message}`);
  process.exitCode = 1;
}
