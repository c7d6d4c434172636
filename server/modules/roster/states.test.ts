import { expect, test } from "vitest";
import { inbound, outbound, type SubscriptionState, type SubscriptionType } from "./states.ts";

const names: Readonly<Record<string, SubscriptionState>> = {
  None: "none",
  "None + Pending Out": "none+out",
  "None + Pending In": "none+in",
  "None + Pending Out+In": "none+out+in",
  To: "to",
  "To + Pending In": "to+in",
  From: "from",
  "From + Pending Out": "from+out",
  Both: "both",
};

// The tables of RFC 6121 appendix A: existing state | passed on? | new state.
const tables: readonly [direction: "outbound" | "inbound", type: SubscriptionType, rows: string][] = [
  [
    "outbound",
    "subscribe",
    `None                  | MUST     | None + Pending Out
     None + Pending Out    | MUST     | no state change
     None + Pending In     | MUST     | None + Pending Out+In
     None + Pending Out+In | MUST     | no state change
     To                    | MUST     | no state change
     To + Pending In       | MUST     | no state change
     From                  | MUST     | From + Pending Out
     From + Pending Out    | MUST     | no state change
     Both                  | MUST     | no state change`,
  ],
  [
    "outbound",
    "unsubscribe",
    `None                  | MUST     | no state change
     None + Pending Out    | MUST     | None
     None + Pending In     | MUST     | no state change
     None + Pending Out+In | MUST     | None + Pending In
     To                    | MUST     | None
     To + Pending In       | MUST     | None + Pending In
     From                  | MUST     | no state change
     From + Pending Out    | MUST     | From
     Both                  | MUST     | From`,
  ],
  [
    "outbound",
    "subscribed",
    `None                  | MUST NOT | no state change
     None + Pending Out    | MUST NOT | no state change
     None + Pending In     | MUST     | From
     None + Pending Out+In | MUST     | From + Pending Out
     To                    | MUST NOT | no state change
     To + Pending In       | MUST     | Both
     From                  | MUST NOT | no state change
     From + Pending Out    | MUST NOT | no state change
     Both                  | MUST NOT | no state change`,
  ],
  [
    "outbound",
    "unsubscribed",
    `None                  | MUST NOT | no state change
     None + Pending Out    | MUST NOT | no state change
     None + Pending In     | MUST     | None
     None + Pending Out+In | MUST     | None + Pending Out
     To                    | MUST NOT | no state change
     To + Pending In       | MUST     | To
     From                  | MUST     | None
     From + Pending Out    | MUST     | None + Pending Out
     Both                  | MUST     | To`,
  ],
  [
    "inbound",
    "subscribe",
    `None                  | MUST     | None + Pending In
     None + Pending Out    | MUST     | None + Pending Out+In
     None + Pending In     | MUST NOT | no state change
     None + Pending Out+In | MUST NOT | no state change
     To                    | MUST     | To + Pending In
     To + Pending In       | MUST NOT | no state change
     From                  | MUST NOT | no state change
     From + Pending Out    | MUST NOT | no state change
     Both                  | MUST NOT | no state change`,
  ],
  [
    "inbound",
    "unsubscribe",
    `None                  | MUST NOT | no state change
     None + Pending Out    | MUST NOT | no state change
     None + Pending In     | MUST     | None
     None + Pending Out+In | MUST     | None + Pending Out
     To                    | MUST NOT | no state change
     To + Pending In       | MUST     | To
     From                  | MUST     | None
     From + Pending Out    | MUST     | None + Pending Out
     Both                  | MUST     | To`,
  ],
  [
    "inbound",
    "subscribed",
    `None                  | MUST NOT | no state change
     None + Pending Out    | MUST     | To
     None + Pending In     | MUST NOT | no state change
     None + Pending Out+In | MUST     | To + Pending In
     To                    | MUST NOT | no state change
     To + Pending In       | MUST NOT | no state change
     From                  | MUST NOT | no state change
     From + Pending Out    | MUST     | Both
     Both                  | MUST NOT | no state change`,
  ],
  [
    "inbound",
    "unsubscribed",
    `None                  | MUST NOT | no state change
     None + Pending Out    | MUST     | None
     None + Pending In     | MUST NOT | no state change
     None + Pending Out+In | MUST     | None + Pending In
     To                    | MUST     | None
     To + Pending In       | MUST     | None + Pending In
     From                  | MUST NOT | no state change
     From + Pending Out    | MUST     | From
     Both                  | MUST     | From`,
  ],
];

test.each(tables)("%s %s is the table of the RFC", (direction, type, rows) => {
  const transitions = (direction === "outbound" ? outbound : inbound)[type];
  const table = rows.split("\n").map((row) => row.split("|").map((cell) => cell.trim()));
  expect(table).toHaveLength(9);
  for (const [before = "", passed, after = ""] of table) {
    const state = names[before]!;
    const next = after === "no state change" ? state : names[after]!;
    expect([state, transitions[state]]).toEqual([state, { isPassed: passed === "MUST", next }]);
  }
});
