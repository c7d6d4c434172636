import { RegistrationVerdict, type RegistrationDecision } from "../../lib/contracts/registration.ts";
import type { RegistrationDecisionRow } from "../storage/ports.ts";
import { timestamp } from "./timestamp.ts";

export function registrationDecision(row: RegistrationDecisionRow): RegistrationDecision {
  const { id, at, host, jid, address, source, allowed, code, line, retryAfterSeconds } = row;
  const verdict = RegistrationVerdict.parse({ allowed, code, line, retryAfterSeconds });
  return { id, at: timestamp(at), host, jid, address, source, verdict };
}
