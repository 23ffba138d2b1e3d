import type { Page } from "playwright-core";

/** Chromium smooths the edges of letters and of rounded corners a little differently from one page to the next. */
const smoothing = 40;

/** How many pixels of two pictures of the same size differ by more than smoothing does. Told by any page's own canvas. */
export function differingPixels(page: Page, one: Buffer, other: Buffer): Promise<number> {
  const pictures = [one, other].map((picture) => `data:image/png;base64,${picture.toString("base64")}`);
  // As text: what compiles the tests adds helpers that the page does not have.
  return page.evaluate(`(${comparePictures})(${JSON.stringify(pictures)}, ${smoothing})`);
}

const comparePictures = `async (pictures, smoothing) => {
  const [one, other] = await Promise.all(pictures.map(async (picture) => {
    const image = new Image();
    image.src = picture;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  }));
  if (one.width !== other.width || one.height !== other.height) return Number.MAX_SAFE_INTEGER;
  let count = 0;
  for (let at = 0; at < one.data.length; at += 4) {
    if ([0, 1, 2].some((channel) => Math.abs(one.data[at + channel] - other.data[at + channel]) > smoothing)) count += 1;
  }
  return count;
}`;
