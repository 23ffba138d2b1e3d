import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { readStatus } from "../api-client.ts";
import { SetupSteps } from "../first-run/setup-steps.tsx";
import "../styles/first-run.css";

/** How to send traces here, and to whom else this server speaks. */
export function SetupSection(): ReactElement {
  const { data: status } = useQuery({ queryKey: ["status"], queryFn: ({ signal }) => readStatus(signal) });
  return (
    <div className="first-run">
      {status !== undefined && (
        <>
          <SetupSteps udp={status.addresses.udp} />
          <section className="addresses">
            <h2>Addresses</h2>
            <dl className="fields">
              <div>
                <dt>Segments, UDP</dt>
                <dd>
                  <code>{status.addresses.udp}</code>
                </dd>
              </div>
              <div>
                <dt>X-Ray API</dt>
                <dd>
                  <code>{status.addresses.http}</code>, as in <code>AWS_ENDPOINT_URL_XRAY={status.addresses.http}</code>
                </dd>
              </div>
            </dl>
          </section>
        </>
      )}
    </div>
  );
}
