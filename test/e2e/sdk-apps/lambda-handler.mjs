// A function that knows nothing of tracing: asks for tea at the URL that it is given, and answers whole or in parts.
export async function handler({ url, fails }, stream) {
  const answers = await Promise.all([fetch(`${url}/one`), fetch(`${url}/two`)]);
  const [one, two] = await Promise.all(answers.map((answer) => answer.text()));
  if (fails) throw new Error("the pot is broken");
  if (stream === undefined) return { one, two };
  stream.write(one);
  stream.end(two);
}
