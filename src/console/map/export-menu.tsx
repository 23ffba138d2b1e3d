import { type ReactElement, type RefObject, useState } from "react";
import type { MapHandle } from "./map-canvas.tsx";
import { saveFile } from "./save-file.ts";

export interface ExportMenuProps {
  readonly handle: RefObject<MapHandle | null>;
  /** Tables have no picture to save. */
  readonly hasPicture: boolean;
  readonly mermaid: () => string;
  /** The address of what is seen, with everything where it stands. */
  readonly shareAddress: () => string;
  readonly onDone: () => void;
}

/** Takes the map elsewhere: as a picture, as text that draws itself, as a link. */
export function ExportMenu({ handle, hasPicture, mermaid, shareAddress, onDone }: ExportMenuProps): ReactElement {
  const [failure, setFailure] = useState<string>();
  const copy = async (text: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      onDone();
    } catch {
      // Browsers lend the clipboard to secure pages only.
      setFailure("This browser does not lend its clipboard to this page.");
    }
  };
  const saveSvg = (): void => {
    const svg = handle.current?.svg();
    if (svg !== undefined) saveFile("service-map.svg", svg, "image/svg+xml");
    onDone();
  };
  const savePng = async (): Promise<void> => {
    const png = await handle.current?.png();
    if (png === undefined) setFailure("The map is too large for a PNG. Save it as SVG.");
    else {
      saveFile("service-map.png", png, "image/png");
      onDone();
    }
  };
  return (
    <div className="map-export">
      {hasPicture && (
        <>
          <button type="button" className="quiet" onClick={saveSvg}>
            Save as SVG
          </button>
          <button type="button" className="quiet" onClick={() => void savePng()}>
            Save as PNG
          </button>
        </>
      )}
      <button
        type="button"
        className="quiet"
        onClick={() => {
          saveFile("service-map.mmd", mermaid(), "text/plain");
          onDone();
        }}
      >
        Save as Mermaid
      </button>
      <button type="button" className="quiet" onClick={() => void copy(mermaid())}>
        Copy as Mermaid
      </button>
      <button type="button" className="quiet" onClick={() => void copy(shareAddress())}>
        Copy link with places
      </button>
      <p role="status" className="muted">
        {failure}
      </p>
    </div>
  );
}
