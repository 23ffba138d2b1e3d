/** All choices as they are made. */
export interface AwsChoices {
  readonly textCase: "exact" | "ignore";
  readonly precedence: "and-first" | "left-to-right";
  readonly missingDiffers: "yes" | "no";
  readonly unknownTraces: "unprocessed" | "omitted";
  readonly summaryRange: "unlimited" | "24h" | "6h";
  readonly summaryPage: "100" | "1000" | "30";
  readonly documentErrors: "ours" | "aws";
  readonly defaultGroup: "listed" | "hidden";
}

/** One row: the first value is ours. */
interface AwsChoice<V extends string> {
  readonly question: string;
  readonly values: readonly V[];
  readonly meaning: string;
}

/**
 * Where nobody outside of AWS knows what AWS X-Ray does, we chose. Each choice is a row here and can be switched with
 * `--aws-choices key=value,…`, so that whoever has an account to compare with can settle it. docs/reference/aws-choices.md
 * is made from this table.
 */
export const awsChoices: { readonly [K in keyof AwsChoices]: AwsChoice<AwsChoices[K]> } = {
  textCase: {
    question: "Do filter expressions tell capital letters from small ones in text?",
    values: ["exact", "ignore"],
    meaning: '`exact`: `user = "Alice"` does not match alice. Annotation keys keep their case either way.',
  },
  precedence: {
    question: "What does `a AND b OR c` mean?",
    values: ["and-first", "left-to-right"],
    meaning: "`and-first`: AND binds tighter than OR. `left-to-right`: in the order in which they stand.",
  },
  missingDiffers: {
    question: "Is `http.status != 200` true of a trace without a status?",
    values: ["yes", "no"],
    meaning: "`yes`: `!=` is the exact opposite of `=`. `no`: a comparison with something missing is never true.",
  },
  unknownTraces: {
    question: "What does BatchGetTraces answer for ids without a trace?",
    values: ["unprocessed", "omitted"],
    meaning: "`unprocessed`: they are listed in `UnprocessedTraceIds`. Some clients ask again until that is empty.",
  },
  summaryRange: {
    question: "How long a range may GetTraceSummaries be asked about?",
    values: ["unlimited", "24h", "6h"],
    meaning: "A longer one is refused.",
  },
  summaryPage: {
    question: "How many summaries are on a page of GetTraceSummaries?",
    values: ["100", "1000", "30"],
    meaning: "At most so many; a token leads on.",
  },
  documentErrors: {
    question: "Which codes do unprocessed documents come back with?",
    values: ["ours", "aws"],
    meaning:
      "`ours`: a code for each mistake. `aws`: those that were seen on AWS alone; all others become `InvalidSegment`, with our code in the message.",
  },
  defaultGroup: {
    question: "Does GetGroups list the group `Default`?",
    values: ["listed", "hidden"],
    meaning: "`hidden`: it is there, and can be named, but is not listed.",
  },
};

/** Ours. */
export const ourChoices: AwsChoices = chosen(new Map());

/** Reads `key=value,key=value`; the others stay ours. Answers `undefined` when a key or value is unknown. */
export function readAwsChoices(text: string): AwsChoices | undefined {
  const made = new Map<string, string>();
  for (const part of text.split(",").filter((each) => each.trim() !== "")) {
    const [key = "", value = ""] = part.split("=").map((word) => word.trim());
    const row: AwsChoice<string> | undefined = Object.hasOwn(awsChoices, key)
      ? awsChoices[key as keyof AwsChoices]
      : undefined;
    if (row === undefined || !row.values.includes(value)) return undefined;
    made.set(key, value);
  }
  return chosen(made);
}

function chosen(made: ReadonlyMap<string, string>): AwsChoices {
  const rows: [string, AwsChoice<string>][] = Object.entries(awsChoices);
  // Each value has been looked up in its own row.
  return Object.fromEntries(
    rows.map(([key, { values }]) => [key, made.get(key) ?? values[0]]),
  ) as unknown as AwsChoices;
}
