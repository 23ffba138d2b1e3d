/** Copies the address of what is seen, with a row chosen in it; answers whether the browser let it. */
export async function copyRowLink(segmentId: string): Promise<boolean> {
  const link = new URL(window.location.href);
  link.searchParams.set("segment", segmentId);
  try {
    await navigator.clipboard.writeText(link.href);
    return true;
  } catch {
    // Without https or permission the browser refuses; the address bar has the link of an open row.
    return false;
  }
}
