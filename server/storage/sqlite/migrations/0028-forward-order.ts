/**
 * Who the events are for that wait in the one lane of a target (`shared-lane.ts`): elsewhere the lane itself says so. And the
 * hosts of lanes, so that those of one host do not keep another's waiting.
 */
export const forwardOrder = `
CREATE INDEX fwd_event_shared ON fwd_event (target, user) WHERE state < 4 AND lane = '*';
ALTER TABLE fwd_lane ADD COLUMN host TEXT NOT NULL DEFAULT '';
UPDATE fwd_lane SET host = coalesce((SELECT e.host FROM fwd_event e INDEXED BY fwd_event_waiting
  WHERE e.target = fwd_lane.target AND e.lane = fwd_lane.lane AND e.state < 4 ORDER BY e.seq LIMIT 1), '');
CREATE INDEX fwd_lane_turn ON fwd_lane (target, host, due);
`;
