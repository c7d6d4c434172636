/**
 * Names a kept message for good: its place in the order in which messages came, microseconds since the epoch, and a random
 * number (48 bits) that makes its id unguessable (XEP-0313 3). An account's message is kept once, however many want it.
 */
export interface MessageKey {
  readonly id: number;
  readonly salt: number;
}

export interface KeptMessage {
  readonly id: number;
  readonly host: string;
  readonly local: string;
  readonly from: string;
  readonly type: string;
  readonly at: number;
  readonly xml: string;
}
