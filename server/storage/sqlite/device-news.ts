import type { DeviceNews } from "../ports.ts";
import { change, type Connection } from "./connection.ts";
import { ACTIVE } from "./device-count.ts";
import { outboxCancellationOn } from "./outbox-cancellation.ts";
import type { EventRecord } from "./outbox-state.ts";

/** What an attempt showed about the device that the event went to; nothing when the device is forgotten. */
export function deviceNewsOn(connection: Connection): (event: EventRecord, news: DeviceNews, at: number) => void {
  const { db, activeDevices } = connection;
  const accepted = change(
    db,
    `UPDATE device SET last_accepted_at = ?, last_error = NULL, failures = 0, failing_since = NULL, had_retry = 0 WHERE id = ?`,
  );
  const failed = change(
    db,
    `UPDATE device SET last_error = ?, failures = failures + 1, failing_since = coalesce(failing_since, ?) WHERE id = ?`,
  );
  const environment = change(
    db,
    "UPDATE device SET settings = json_set(settings, '$.environment', ?), updated_at = ? WHERE id = ?",
  );
  // A device that was registered again after it went is another one with the same token.
  const gone = change(
    db,
    `UPDATE device SET disabled_at = ?1, updated_at = ?1, disabled_reason = ?2, last_error = ?2, failures = failures + 1,
        retry_at = iif(had_retry = 0, ?5, NULL)
      WHERE id = ?3 AND ${ACTIVE} AND (?4 IS NULL OR renewed_at < ?4)`,
  );
  const cancellation = outboxCancellationOn(connection);

  return (event, news, at) => {
    const { device } = event;
    if (device === null) return;
    switch (news.kind) {
      case "accepted":
        accepted(at, device);
        break;
      case "failed":
        failed(news.error, at, device);
        break;
      case "environment":
        accepted(at, device);
        environment(news.environment, at, device);
        break;
      case "gone":
        if (gone(at, news.reason, device, news.since, news.retryAt ?? null) === 0) break;
        activeDevices.change(event.target, -1);
        cancellation.ofDevice(device, at);
        break;
    }
  };
}
