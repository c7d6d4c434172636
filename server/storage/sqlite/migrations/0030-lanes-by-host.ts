/**
 * One index of lanes instead of two, by host and then by age: each forward enters and leaves whatever indexes there are. A lane
 * without a host is one for which nothing waited when lanes were given theirs. And `IS`: while an index is for rows where
 * `lane` equals a constant, SQLite plans each statement that compares it with a parameter anew for each value.
 */
export const lanesByHost = `
DELETE FROM fwd_lane WHERE host = '';
DROP INDEX fwd_lane_turn;
DROP INDEX fwd_lane_due;
CREATE INDEX fwd_lane_due ON fwd_lane (target, host, due);
DROP INDEX fwd_event_shared;
CREATE INDEX fwd_event_shared ON fwd_event (target, user) WHERE state < 4 AND lane IS '*';
`;
