import type { ReactElement } from "react";
import type { KeyAccess } from "../../api/wire-settings.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { useServerSettings } from "./use-settings.ts";

const may: Readonly<Record<KeyAccess, string>> = {
  read: "ask questions",
  write: "send documents, ask for sampling rules",
  all: "everything, changing settings too",
};

const keysFile = `{"keys": [
  {"id": "app", "secret": "at least 16 characters", "access": "write", "name": "the shop"},
  {"id": "me", "secret": "another 16 or more", "access": "all"}
]}`;

/** Who is let in: which keys there are, and what they may. */
export function AccessSection(): ReactElement {
  const settings = useServerSettings();
  if (settings === undefined) return <SkeletonRows />;
  const { isGuarded, granted, keys } = settings.access;
  return (
    <section className="card">
      <h2>Access keys</h2>
      {isGuarded ? (
        <>
          <p className="muted">
            You may {may[granted]}.{" "}
            {granted === "all" ? "Secrets are shown nowhere." : "A key that may change settings sees the others, too."}
          </p>
          <table className="plain" aria-label="Access keys">
            <thead>
              <tr>
                <th scope="col">Id</th>
                <th scope="col">Whose</th>
                <th scope="col">May</th>
              </tr>
            </thead>
            <tbody>
              {keys.map(({ id, name, access }) => (
                <tr key={id}>
                  <th scope="row">
                    <code>{id}</code>
                  </th>
                  <td>{name ?? <span className="muted">not said</span>}</td>
                  <td>
                    <span className="tag">{access}</span> {may[access]}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      ) : (
        <p>
          <b>None.</b> Everybody who reaches this address may do everything; that is why it is this machine's own unless
          told otherwise. With keys, requests are signed as AWS's are, and a browser asks for id and secret.
        </p>
      )}
      <h3>Give keys</h3>
      <p className="muted">
        In a file for --keys-file, or as id:secret:access in FLUOROSCOPE_KEYS. Restart to take them.
      </p>
      <div className="snippet">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys */}
        <pre tabIndex={0}>{keysFile}</pre>
        <CopyButton text={keysFile} />
      </div>
    </section>
  );
}
