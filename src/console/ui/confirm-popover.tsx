import { type ReactElement, type ReactNode, useState } from "react";
import { Icon } from "./icon.tsx";
import { Popover } from "./popover.tsx";

export interface ConfirmPopoverProps {
  /** What is done: the button's words, and those of the one that does it. */
  readonly action: string;
  /** The first button shows its icon alone. */
  readonly isSmall?: boolean;
  /** What goes, and what stays. */
  readonly children: ReactNode;
  readonly onConfirm: () => Promise<void>;
}

/** A button that says what goes before anything does; that takes a second one. */
export function ConfirmPopover({ action, isSmall, children, onConfirm }: ConfirmPopoverProps): ReactElement {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const confirm = async (close: () => void): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await onConfirm();
      close();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  const button = (
    <>
      <Icon name="bin" size={14} /> {!isSmall && `${action} …`}
    </>
  );
  return (
    <Popover label={`${action} …`} button={button}>
      {(close) => (
        <div className="confirm-panel">
          {children}
          {failure !== undefined && (
            <p className="state-text fault" role="alert">
              {failure}
            </p>
          )}
          <p className="form-buttons">
            <button type="button" className="danger" disabled={isBusy} onClick={() => void confirm(close)}>
              {action}
            </button>
            <button type="button" onClick={close}>
              Keep it
            </button>
          </p>
        </div>
      )}
    </Popover>
  );
}
