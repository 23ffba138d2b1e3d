import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import { useView } from "../address/use-view.ts";
import { DeleteButton } from "../ui/delete-button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Popover } from "../ui/popover.tsx";
import { createGroup, deleteGroup, readGroups, updateGroup } from "./groups-client.ts";

const queryKey = ["groups"];
/** X-Ray's own bound. */
const longestName = 32;

/** The saved filters, which are X-Ray's groups: choose one, save the present filter, change or delete one. */
export function SavedFilters(): ReactElement {
  const { view } = useView();
  const { data: groups = [] } = useQuery({ queryKey, queryFn: ({ signal }) => readGroups(signal) });
  const current = groups.find(({ FilterExpression }) => FilterExpression === view.filter);
  return (
    <div className="saved-filters">
      <Popover
        label={current === undefined ? "Saved filters" : `Saved filters: ${current.GroupName}`}
        button={
          <>
            <Icon name="group" size={14} />
            <span>{current?.GroupName ?? "Saved"}</span>
            <Icon name="down" size={12} />
          </>
        }
      >
        {(close) => <SavedPanel groups={groups} close={close} />}
      </Popover>
    </div>
  );
}

type Groups = Awaited<ReturnType<typeof readGroups>>;

function SavedPanel({ groups, close }: { groups: Groups; close: () => void }): ReactElement {
  const { view, show } = useView();
  const client = useQueryClient();
  const [failure, setFailure] = useState<string>();
  const change = async (action: Promise<object>): Promise<boolean> => {
    try {
      await action;
      setFailure(undefined);
      await client.invalidateQueries({ queryKey });
      return true;
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      return false;
    }
  };
  return (
    <div className="saved-panel">
      {groups.length === 0 && <p className="muted">No filter is saved yet. Saved filters are X-Ray groups.</p>}
      <ul>
        {groups.map(({ GroupName: name, FilterExpression: filter = "" }) => (
          <li key={name}>
            <button
              type="button"
              className="quiet saved-choice"
              aria-pressed={filter === view.filter}
              onClick={() => {
                show({ filter }, "push");
                close();
              }}
            >
              <b>{name}</b>
              <code className="muted">{filter}</code>
            </button>
            {view.filter !== "" && view.filter !== filter && (
              <button
                type="button"
                className="quiet small"
                title={`Let ${name} stand for the present filter`}
                onClick={() => void change(updateGroup(name, view.filter))}
              >
                Update
              </button>
            )}
            <DeleteButton name={name} isSmall onDelete={() => void change(deleteGroup(name))} />
          </li>
        ))}
      </ul>
      <SaveForm filter={view.filter} onSave={(name) => change(createGroup(name, view.filter))} />
      {failure !== undefined && (
        <p className="state-text fault" role="alert">
          {failure}
        </p>
      )}
    </div>
  );
}

function SaveForm({ filter, onSave }: { filter: string; onSave: (name: string) => Promise<boolean> }): ReactElement {
  const [name, setName] = useState("");
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (await onSave(name.trim())) setName("");
  };
  if (filter === "") return <p className="muted">Type a filter to save it here.</p>;
  return (
    <form onSubmit={(event) => void save(event)}>
      <label>
        <span className="muted">Save the present filter as</span>
        <input
          type="text"
          value={name}
          maxLength={longestName}
          placeholder="slow-checkouts"
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <button type="submit" disabled={name.trim() === ""}>
        Save
      </button>
    </form>
  );
}
