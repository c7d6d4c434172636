import type { AuditRow } from "./audit.ts";
import type { OutboxSummary } from "./outbox-event.ts";
import type { RegistrationDecisionRow } from "./registrations.ts";

export type FeedRow =
  | { readonly feed: "forward"; readonly id: number; readonly event: OutboxSummary }
  | { readonly feed: "registration"; readonly id: number; readonly decision: RegistrationDecisionRow }
  | { readonly feed: "audit"; readonly id: number; readonly entry: AuditRow };
export type FeedName = FeedRow["feed"];
