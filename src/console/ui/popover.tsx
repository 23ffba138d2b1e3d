import { type ReactElement, type ReactNode, useEffect, useId, useRef, useState } from "react";

export interface PopoverProps {
  /** What the button does, for those who do not see it. */
  readonly label: string;
  readonly button: ReactNode;
  readonly children: (close: () => void) => ReactNode;
}

/** A button with a panel beneath it, which Escape, a click elsewhere, or leaving it by keyboard closes. */
export function Popover({ label, button, children }: PopoverProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const panelId = useId();

  const close = (): void => {
    setOpen(false);
    trigger.current?.focus();
  };

  useEffect(() => {
    const element = root.current;
    if (!isOpen || element === null) return;
    const isOutside = (target: EventTarget | null): boolean => target instanceof Node && !element.contains(target);
    const listening = new AbortController();
    const { signal } = listening;
    document.addEventListener("pointerdown", (event) => isOutside(event.target) && setOpen(false), { signal });
    element.addEventListener("focusout", (event) => isOutside(event.relatedTarget) && setOpen(false), { signal });
    element.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        setOpen(false);
        trigger.current?.focus();
      },
      { signal },
    );
    return () => listening.abort();
  }, [isOpen]);

  return (
    <div className="popover" ref={root}>
      <button
        type="button"
        ref={trigger}
        aria-label={label}
        aria-expanded={isOpen}
        aria-controls={panelId}
        onClick={() => setOpen(!isOpen)}
      >
        {button}
      </button>
      <div id={panelId} className="popover-panel" hidden={!isOpen}>
        {isOpen && children(close)}
      </div>
    </div>
  );
}
