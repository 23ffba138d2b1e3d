/** The two traces that are to be compared: one more, or one less when it was among them. Of three the oldest pick goes. */
export function pickTrace(picked: readonly string[], id: string): readonly string[] {
  if (picked.includes(id)) return picked.filter((each) => each !== id);
  return [...picked, id].slice(-2);
}
