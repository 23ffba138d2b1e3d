export function scrubDocument(text: string): string {
  return text;
}
