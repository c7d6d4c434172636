import type {
  AttemptRecord,
  NewAuditRow,
  ClaimedLane,
  Credentials,
  Devices,
  NewAccount,
  NewOutboxEvent,
  OfflineUnit,
  OutboxEvent,
  RegistrationDecisionRow,
  RosterItem,
  Settlement,
  Stores,
} from "../ports.ts";

/** Every test gets new, empty stores from here. */
export type StoresOf = () => Stores;

export const HOST = "capulet.lit";

export const SEALED: Credentials = { kind: "sealed", sealed: "c2VhbGVk" };

const keys = { salt: "c2FsdA==", iterations: 4096, storedKey: "c3RvcmVk", serverKey: "c2VydmVy" };
export const SCRAM: Credentials = {
  kind: "scram",
  keys: { "SCRAM-SHA-1": keys, "SCRAM-SHA-256": keys, "SCRAM-SHA-512": keys },
};

export function account(local: string, changes: Partial<NewAccount> = {}): NewAccount {
  return {
    host: HOST,
    local,
    credentials: SCRAM,
    createdAt: 1000,
    createdVia: "cli",
    createdFrom: null,
    ...changes,
  };
}

export function rosterItem(jid: string, changes: Partial<RosterItem> = {}): RosterItem {
  return { jid, name: "", subscription: "none", ask: false, approved: false, groups: [], ...changes };
}

export function outboxEvent(id: string, changes: Partial<NewOutboxEvent> = {}): NewOutboxEvent {
  return {
    id,
    target: "web",
    rule: "chat",
    lane: `juliet@${HOST}`,
    host: HOST,
    user: `juliet@${HOST}`,
    from: "romeo@montague.lit/garden",
    type: "chat",
    contentType: "application/x-www-form-urlencoded",
    payload: `body=${id}`,
    class: "chat",
    cancelOn: "never",
    maxWaiting: 1_000_000,
    maxWaitingPerRecipient: 1_000_000,
    createdAt: 1000,
    dueAt: 1000,
    expiresAt: 1_000_000,
    maxAttempts: 12,
    ...changes,
  };
}

export function message(xml: string, changes: Partial<NonNullable<OfflineUnit["message"]>> = {}) {
  return { from: "romeo@montague.lit/garden", type: "chat", at: 1000, expiresAt: null, xml, ...changes };
}

export function offlineUnit(xml: string | null, changes: Partial<OfflineUnit> = {}): OfflineUnit {
  return {
    host: HOST,
    local: "juliet",
    message: xml === null ? null : message(xml),
    maxMessages: 100,
    maxBytes: 10_000,
    forwards: [],
    ...changes,
  };
}

/** Puts events into the outbox, each in a unit of its own. */
export async function enqueue(stores: Stores, ...events: readonly NewOutboxEvent[]): Promise<void> {
  await Promise.all(events.map((event) => stores.offline.commit(offlineUnit(null, { forwards: [event] }))));
}

export function attempt(number: number, changes: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    number,
    startedAt: 2000,
    outcome: "delivered",
    status: 200,
    error: null,
    address: "192.0.2.1:443",
    timing: { queueMs: 1, dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: 3, totalMs: 4.5 },
    request: { method: "POST", url: "https://example.org/hook", headers: [["content-type", "text/plain"]] },
    response: { headers: [["content-length", "2"]], body: "ok", truncated: false },
    providerId: null,
    ...changes,
  };
}

export const FAILED: Partial<AttemptRecord> = { outcome: "failed", status: 503, error: "503 Service Unavailable" };

/** The outcome of one claimed event; delivered unless said otherwise. */
export function settlement(
  { claim }: ClaimedLane,
  event: OutboxEvent,
  next: Settlement["next"] = { state: "delivered" },
  at = 3000,
): Settlement {
  const isDelivered = next.state === "delivered";
  const record = attempt(event.attempts + 1, isDelivered ? {} : FAILED);
  return { seq: event.seq, claim, attempt: record, next, at };
}

export type NewDevice = Parameters<Devices["register"]>[0];

/** A phone of juliet's, ready for pushes. */
export function device(id: string, changes: Partial<NewDevice> = {}): NewDevice {
  return {
    id,
    host: HOST,
    user: `juliet@${HOST}`,
    kind: "apns",
    target: "push",
    token: `token-${id}`,
    settings: { environment: null },
    name: null,
    appVersion: null,
    resource: null,
    node: null,
    secretHash: null,
    via: "api",
    registeredAt: 500,
    isEnabled: true,
    ...changes,
  };
}

export function auditEntry(action: string, changes: Partial<NewAuditRow> = {}): NewAuditRow {
  return {
    at: 1000,
    actor: `admin@${HOST}`,
    address: "192.0.2.7",
    action,
    object: "user juliet",
    result: "done",
    detail: null,
    requestId: "r-1",
    means: null,
    ...changes,
  };
}

export function decision(
  jid: string,
  changes: Partial<RegistrationDecisionRow> = {},
): Omit<RegistrationDecisionRow, "id"> {
  return {
    at: 1000,
    host: HOST,
    jid,
    address: "192.0.2.9",
    source: "in-band",
    allowed: true,
    code: "allowed",
    line: "mode: open",
    retryAfterSeconds: null,
    ...changes,
  };
}

/** The one element of an array that has to have one. */
export function only<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined || items.length !== 1) throw new Error(`expected one item, got ${items.length}`);
  return item;
}

/** Follows the cursors of a listing to its end. */
export async function allPages<Row>(
  list: (cursor: string | undefined) => Promise<{ items: readonly Row[]; nextCursor: string | null }>,
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(cursor);
    rows.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return rows;
}
