import { expect, test } from "vitest";
import { el } from "../../xmpp/element.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { Stanza } from "../../xmpp/stanza.ts";
import { FanOut, perTurn } from "./fan-out.ts";
import { newOccupant, type Seat } from "./occupant.ts";

const room = Jid.parse("coven@conference.macbeth.example/crone");
const message = (id: number): Stanza => Stanza.from(el("message", NS.client, { id: String(id) }));

function seatsOf(count: number): Map<string, Seat> {
  const seats = new Map<string, Seat>();
  for (let n = 0; n < count; n += 1) {
    const jid = Jid.parse(`u${n}@macbeth.example/x`);
    const occupant = newOccupant({ jid: room, user: jid, secret: "", standing: "none", role: "participant" });
    seats.set(jid.full, { jid, since: 0, occupant, presence: message(0) });
  }
  return seats;
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("few are served in the same turn", () => {
  let sent = 0;
  new FanOut(seatsOf(perTurn)).run(
    () => (sent += 1),
    room,
    () => message(1),
  );
  expect(sent).toBe(perTurn);
});

test("many in several turns, each in the order in which it was said, without those who left", async () => {
  const seats = seatsOf(3 * perTurn);
  const fanOut = new FanOut(seats);
  const got = new Map<string, string[]>();
  const send = (stanza: Stanza, _: Jid, to: Jid): void => {
    got.set(to.full, [...(got.get(to.full) ?? []), stanza.id ?? ""]);
  };
  for (let id = 1; id <= 3; id += 1) fanOut.run(send, room, () => message(id));
  expect(got.size).toBe(perTurn);
  seats.delete("u1400@macbeth.example/x");
  for (let n = 0; n < 12; n += 1) await turn();
  expect(got.size).toBe(3 * perTurn - 1);
  expect([...got.values()].every((ids) => ids.join(" ") === "1 2 3")).toBe(true);
});

test("whoever comes in the middle gets what is sent after that", async () => {
  const seats = seatsOf(perTurn + 1);
  const [first] = seats.values();
  const fanOut = new FanOut(seats);
  const got: string[] = [];
  const send = (stanza: Stanza, _: Jid, { full }: Jid): void => {
    if (full === "late@macbeth.example/x") got.push(stanza.id ?? "");
  };
  for (let id = 1; id <= 2; id += 1) fanOut.run(send, room, () => message(id));
  const jid = Jid.parse("late@macbeth.example/x");
  seats.set(jid.full, { ...first!, jid, since: fanOut.count });
  for (let id = 3; id <= 4; id += 1) fanOut.run(send, room, () => message(id));
  for (let n = 0; n < 12; n += 1) await turn();
  expect(got).toEqual(["3", "4"]);
});

test("whoever speaks waits while too much is under way", async () => {
  const fanOut = new FanOut(seatsOf(perTurn + 1));
  for (let id = 0; id < 32; id += 1)
    fanOut.run(
      () => undefined,
      room,
      () => message(id),
    );
  expect(fanOut.catchingUp).toBeNull();
  for (let id = 0; id < 2; id += 1)
    fanOut.run(
      () => undefined,
      room,
      () => message(id),
    );
  expect(fanOut.catchingUp).not.toBeNull();
  await fanOut.catchingUp;
  expect(fanOut.catchingUp).toBeNull();
});

test("a long stanza counts for many", async () => {
  const seats = seatsOf(perTurn);
  let sent = 0;
  new FanOut(seats).run(
    () => (sent += 1),
    room,
    () => message(1),
    9 * 8 * 1024,
  );
  expect(sent).toBe(perTurn / 10);
  for (let n = 0; n < 12; n += 1) await turn();
  expect(sent).toBe(perTurn);
});
