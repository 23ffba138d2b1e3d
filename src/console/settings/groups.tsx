import { type FormEvent, type ReactElement, useState } from "react";
import { Link } from "wouter";
import type { WireGroup } from "../../api/wire.ts";
import { emptyView, pageAddress } from "../address/view-address.ts";
import { checkFilter } from "../filter-bar/check-filter.ts";
import { DeleteButton } from "../ui/delete-button.tsx";
import { Failure } from "../ui/failure.tsx";
import { Field } from "../ui/field.tsx";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { useChange, useGroups } from "./use-settings.ts";

interface Draft {
  readonly name: string;
  readonly filter: string;
  readonly insights: boolean;
  readonly notifications: boolean;
}

/** Filter expressions with names, and which of them are watched for insights. */
export function GroupsSection({ mayChange }: { mayChange: boolean }): ReactElement {
  const { groups, error } = useGroups();
  const [edited, setEdited] = useState<string>();
  const change = useChange("groups");
  if (groups === undefined) {
    return error === null ? <SkeletonRows /> : <Failure error={error} what="The groups cannot be read" />;
  }
  const edit = (name: string | undefined): void => {
    change.reset();
    setEdited(name);
  };
  const save = (draft: Draft): void => {
    const isDefault = draft.name === "Default";
    change.mutate(
      {
        path: edited === "" ? "/CreateGroup" : "/UpdateGroup",
        body: {
          GroupName: draft.name,
          ...(!isDefault && { FilterExpression: draft.filter }),
          InsightsConfiguration: {
            InsightsEnabled: draft.insights,
            NotificationsEnabled: draft.insights && draft.notifications,
          },
        },
      },
      { onSuccess: () => edit(undefined) },
    );
  };
  const group = groups.find(({ GroupName }) => GroupName === edited);
  return (
    <section className="card">
      <header>
        <h2>Groups</h2>
        {mayChange && edited !== "" && (
          <button type="button" onClick={() => edit("")}>
            New group
          </button>
        )}
      </header>
      <p className="muted">A filter expression with a name. X-Ray's own clients know groups, too.</p>
      {edited !== undefined && (
        <GroupForm
          key={edited}
          group={group}
          isBusy={change.isPending}
          error={change.error}
          onSave={save}
          onCancel={() => edit(undefined)}
        />
      )}
      <table className="plain" aria-label="Groups">
        <thead>
          <tr>
            <th scope="col">Group</th>
            <th scope="col">Filter expression</th>
            <th scope="col">Insights</th>
            {mayChange && <th scope="col">Change</th>}
          </tr>
        </thead>
        <tbody>
          {groups.map(({ GroupName, FilterExpression = "", InsightsConfiguration }) => (
            <tr key={GroupName}>
              <th scope="row" className="breaks">
                <Link href={pageAddress("/traces", emptyView, { filter: FilterExpression })}>{GroupName}</Link>
              </th>
              <td className="breaks mono">{FilterExpression || <span className="muted">all traces</span>}</td>
              <td>
                {!InsightsConfiguration.InsightsEnabled
                  ? "off"
                  : InsightsConfiguration.NotificationsEnabled
                    ? "on, told"
                    : "on"}
              </td>
              {mayChange && (
                <td className="row-buttons">
                  <button
                    type="button"
                    className="quiet"
                    aria-label={`Edit ${GroupName}`}
                    onClick={() => edit(GroupName)}
                  >
                    Edit
                  </button>
                  {GroupName !== "Default" && (
                    <DeleteButton
                      name={GroupName}
                      onDelete={() => change.mutate({ path: "/DeleteGroup", body: { GroupName } })}
                    />
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {edited === undefined && change.error !== null && (
        <p className="state-text fault" role="alert">
          {change.error.message}
        </p>
      )}
    </section>
  );
}

interface GroupFormProps {
  readonly group: WireGroup | undefined;
  readonly isBusy: boolean;
  readonly error: Error | null;
  readonly onSave: (draft: Draft) => void;
  readonly onCancel: () => void;
}

function GroupForm({ group, isBusy, error, onSave, onCancel }: GroupFormProps): ReactElement {
  const [draft, setDraft] = useState<Draft>({
    name: group?.GroupName ?? "",
    filter: group?.FilterExpression ?? "",
    insights: group?.InsightsConfiguration.InsightsEnabled ?? false,
    notifications: group?.InsightsConfiguration.NotificationsEnabled ?? false,
  });
  const fault = checkFilter(draft.filter);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (draft.name !== "" && fault === undefined) onSave(draft);
  };
  return (
    <form
      className="settings-form"
      onSubmit={save}
      aria-label={group === undefined ? "New group" : `Group ${group.GroupName}`}
    >
      <div className="form-fields">
        {group === undefined && (
          <Field label="Name">
            <input
              value={draft.name}
              onChange={(event) => setDraft({ ...draft, name: event.target.value })}
              maxLength={32}
              required
            />
          </Field>
        )}
        {group?.GroupName !== "Default" && (
          <Field label="Filter expression">
            <input
              className="mono"
              value={draft.filter}
              aria-invalid={fault !== undefined}
              onChange={(event) => setDraft({ ...draft, filter: event.target.value })}
              spellCheck={false}
            />
          </Field>
        )}
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={draft.insights}
          onChange={(event) => setDraft({ ...draft, insights: event.target.checked })}
        />
        Watch for insights
      </label>{" "}
      <label className="check">
        <input
          type="checkbox"
          checked={draft.insights && draft.notifications}
          disabled={!draft.insights}
          onChange={(event) => setDraft({ ...draft, notifications: event.target.checked })}
        />
        Tell the webhook
      </label>
      {fault !== undefined && <p className="state-text fault">{fault.message}</p>}
      {error !== null && (
        <p className="state-text fault" role="alert">
          {error.message}
        </p>
      )}
      <p className="form-buttons">
        <button type="submit" className="primary" disabled={isBusy || draft.name === "" || fault !== undefined}>
          {group === undefined ? "Create the group" : "Save"}
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      </p>
    </form>
  );
}
