import type { Overview } from "../../lib/contracts/server.ts";
import type { TargetState } from "../forward/service.ts";
import type { Outbox } from "../storage/ports.ts";
import type { Admin } from "./parts.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";

type Attention = Overview["attention"][number];
const expiryMs = 14 * 24 * 60 * 60 * 1_000;

/** What an operator should look at, worst first. */
export function attentionTo(
  admin: Admin,
  targets: Awaited<ReturnType<Outbox["stats"]>>,
  health: ReadonlyMap<string, TargetState>,
  now: number,
): Attention[] {
  const found = [
    ...ofListeners(admin),
    ...ofModules(admin),
    ...ofTargets(admin, targets, health),
    ...ofHosts(admin, now),
  ];
  const order = ["error", "warning", "info"];
  return found.toSorted((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity));
}

function ofListeners(admin: Admin): Attention[] {
  return admin
    .listeners()
    .flatMap(({ name, error }) =>
      error === null ? [] : [{ code: "listener-down", severity: "error", subject: name, since: null, value: error }],
    );
}

function ofModules({ loader }: Admin): Attention[] {
  return loader
    .definitions()
    .flatMap(({ name }) =>
      loader
        .states(name)
        .flatMap(({ host, error }): Attention[] =>
          error === null
            ? []
            : [{ code: "module-failed", severity: "error", subject: `${name} on ${host}`, since: null, value: error }],
        ),
    );
}

function ofTargets(
  { core }: Admin,
  stats: Awaited<ReturnType<Outbox["stats"]>>,
  health: ReadonlyMap<string, TargetState>,
): Attention[] {
  const found: Attention[] = [];
  const { targets } = core.policy.document.forward;
  if (Object.keys(targets).length === 0)
    found.push({ code: "no-target", severity: "info", subject: "", since: null, value: "" });
  for (const [name, target] of Object.entries(targets)) {
    const figures = stats.find((one) => one.target === name);
    const backlog = figures?.backlog ?? 0;
    if (target.paused)
      found.push({ code: "target-paused", severity: "warning", subject: name, since: null, value: String(backlog) });
    else if ((health.get(name)?.breaker ?? "closed") !== "closed") {
      const since = timestampOrNull(figures?.oldestDueAt ?? null);
      found.push({ code: "target-failing", severity: "error", subject: name, since, value: figures?.lastError ?? "" });
    }
  }
  for (const { target, dead } of stats)
    if (dead > 0)
      found.push({ code: "dead-letters", severity: "warning", subject: target, since: null, value: String(dead) });
  return found;
}

function ofHosts({ core, certificateOf }: Admin, now: number): Attention[] {
  const found: Attention[] = [];
  const { document } = core.policy;
  for (const [host, settings] of Object.entries(document.hosts)) {
    const certificate = certificateOf(host);
    if (certificate?.selfSigned === true)
      found.push({ code: "self-signed", severity: "info", subject: host, since: null, value: certificate.subject });
    else if (certificate && Date.parse(certificate.notAfter) - now < expiryMs) {
      const value = timestamp(Date.parse(certificate.notAfter));
      found.push({ code: "certificate-expiring", severity: "warning", subject: host, since: null, value });
    }
    const { mode, networks } = settings.registration ?? document.registration;
    if (mode === "open" && networks.length === 0)
      found.push({ code: "open-registration", severity: "warning", subject: host, since: null, value: "" });
  }
  return found;
}
