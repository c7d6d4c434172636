/**
 * What pushes need to be known of an event. `message` is the kept message that an event is
 * about; the index by user leads there too, so that a client's acknowledgement finds its events in one range. A feed row has
 * its own `acked_at`, to be read later as it was told.
 */
export const outboxForDevices = `
ALTER TABLE fwd_event ADD COLUMN class TEXT NOT NULL DEFAULT 'chat';
ALTER TABLE fwd_event ADD COLUMN cancel_on TEXT NOT NULL DEFAULT 'never';
ALTER TABLE fwd_event ADD COLUMN device TEXT;
ALTER TABLE fwd_event ADD COLUMN provider_id TEXT;
ALTER TABLE fwd_event ADD COLUMN message INTEGER;
ALTER TABLE fwd_event ADD COLUMN acked_at INTEGER;
ALTER TABLE fwd_event ADD COLUMN free_attempts INTEGER NOT NULL DEFAULT 0;
UPDATE fwd_event SET class = 'normal' WHERE type = 'normal';
DROP INDEX fwd_event_by_user;
DROP INDEX fwd_event_dead;
CREATE INDEX fwd_event_by_user ON fwd_event (user, message);
CREATE INDEX fwd_event_cancellable ON fwd_event (user, cancel_on, sender) 
  WHERE state < 4 AND (cancel_on <> 'never' OR class = 'call');
CREATE INDEX fwd_event_by_device ON fwd_event (device, seq) WHERE device IS NOT NULL;
CREATE INDEX fwd_event_failed ON fwd_event (seq) WHERE state IN (5, 6);
CREATE INDEX fwd_event_overflow ON fwd_event (target, updated_at) WHERE state = 5 AND error = 'overflow';
ALTER TABLE fwd_log ADD COLUMN acked_at INTEGER;
ALTER TABLE fwd_lane ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;
CREATE INDEX fwd_lane_urgent ON fwd_lane (target, due) WHERE urgent = 1;
`;
