/**
 * The lane of a target whose events are all in one order, whoever they are for. The lanes of every other begin with the bare
 * JID of the recipient, with a slash behind it if there is more to say, or with `call:`.
 */
export const SHARED_LANE = "*";
