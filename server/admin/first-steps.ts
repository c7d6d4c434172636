import type { FirstStep } from "../../lib/contracts/server.ts";
import type { Call } from "./call.ts";
import type { Admin } from "./parts.ts";
import { membersOf } from "./role-members.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const certificateDays = 30;

/** What the overview knows already. */
interface Known {
  readonly users: number;
  readonly now: number;
  /** Something has been forwarded. */
  readonly hasForwarded: boolean;
}

/** What makes a new server whole and has not been done yet, in the order in which it is told. */
export async function openSteps(admin: Admin, call: Call, { users, now, hasForwarded }: Known): Promise<FirstStep[]> {
  const { core, backups } = admin;
  const { document } = core.policy;
  const kinds = Object.values(document.forward.targets).map(({ kind }) => kind);
  const admins = new Set(membersOf(document, "configure").map(({ jid }) => jid));
  const isAccount = call.caller.kind === "account";
  const open: Readonly<Record<FirstStep, boolean>> = {
    user: users < 2,
    // Of app servers only clients know whether there are any.
    target: kinds.every((kind) => kind === "xep0357"),
    forwarded: !hasForwarded,
    push: kinds.every((kind) => kind === "webhook" || kind === "xep0357"),
    certificate: Object.keys(document.hosts).some((host) => !isLasting(admin, host, now)),
    backup: backups !== null && (await backups.backups.list()).length === 0,
    admin: admins.size < 2,
    factor: isAccount && (await core.stores.factors.of(call.caller.name)).length === 0,
  };
  return (Object.keys(open) as FirstStep[]).filter((step) => open[step]);
}

function isLasting({ certificates }: Admin, host: string, now: number): boolean {
  const certificate = certificates.describe(host);
  return certificate !== null && !certificate.isSelfSigned && certificate.notAfter - now > certificateDays * dayMs;
}
