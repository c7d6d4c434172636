/** Version 00, and recorded: the log of the event is the record (W3C Trace Context 3.2.2). */
const version = "00";
const flags = "01";

/**
 * The value of `traceparent` for an attempt (W3C Trace Context 3.2): the trace is the event, the parent its attempt, so that
 * the receiver's traces can be found by either. null: the event's id has no 128 bits to name a trace by.
 */
export function traceParent(eventId: string, attempt: number): string | null {
  const [, trace] = /^evt_([\da-f]{32})$/.exec(eventId) ?? [];
  return trace === undefined ? null : `${version}-${trace}-${attempt.toString(16).padStart(16, "0")}-${flags}`;
}
