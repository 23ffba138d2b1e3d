import type { ReactElement, ReactNode, Ref } from "react";

export interface ScrollAreaProps {
  readonly label: string;
  readonly className: string;
  readonly ref?: Ref<HTMLElement>;
  readonly children: ReactNode;
}

/** A part of the page that scrolls by itself; who has no mouse scrolls it with the arrow keys. */
export function ScrollArea({ label, className, ref, children }: ScrollAreaProps): ReactElement {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: that is what lets the arrow keys scroll it
    <section className={className} ref={ref} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
