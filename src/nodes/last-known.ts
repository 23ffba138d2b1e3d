/** Asks, and answers what was last answered while there is no answer now. The first time it rejects as the question does. */
export function lastKnown<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let known: { readonly answer: Answer } | undefined;
  return async () => {
    try {
      known = { answer: await ask() };
    } catch (error) {
      if (known === undefined) throw error;
    }
    return known.answer;
  };
}
