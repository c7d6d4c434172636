/**
 * Who holds a lane is kept in memory from here on (`outbox-holds.ts`), so that claiming writes nothing, and no event is stored
 * as `sending` (3): what was being sent when the server ended waits again.
 */
export const lanesHeldInMemory = `
DROP INDEX fwd_lane_due;
DROP INDEX fwd_lane_lease;
ALTER TABLE fwd_lane DROP COLUMN claim;
ALTER TABLE fwd_lane DROP COLUMN lease_until;
CREATE INDEX fwd_lane_due ON fwd_lane (target, due);
UPDATE fwd_event SET state = 0 WHERE state = 3 AND state < 4;
UPDATE fwd_target SET queued = queued + sending, sending = 0 WHERE sending > 0;
UPDATE fwd_slot SET queued = queued + sending, sending = 0 WHERE sending > 0;
`;
