/** What one request of an owner costs everybody else on the server, and how large its answer may be. */
import { setImmediate } from "node:timers";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TestClient, TestServer } from "../../core/testing.ts";
import { NS } from "../../xmpp/namespaces.ts";
import type { Stanza } from "../../xmpp/stanza.ts";
import { perTurn } from "./fan-out.ts";
import { admin, ask, coven, enter, founded, items, outcome, witches } from "./testing.ts";

let server: TestServer;
let crone: TestClient;

beforeEach(async () => {
  server = await witches(
    {},
    {
      policy(draft) {
        draft.shaperRules["max_user_sessions"] = [{ value: 200, to: ["all"] }];
      },
    },
  );
  crone = await founded(server, { "muc#roomconfig_whois": "anyone" });
});
afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

const bans = (from: number, count: number, reason = ""): string => {
  const item = (_: unknown, index: number): string =>
    `<item affiliation='outcast' jid='u${from + index}@elsewhere.example'><reason>${reason}</reason></item>`;
  return `<query ${admin}>${Array.from({ length: count }, item).join("")}</query>`;
};
const read = (after?: string): Promise<Stanza> =>
  ask(
    crone,
    "get",
    `<query ${admin}><item affiliation='outcast'/>${after === undefined ? "" : `<set xmlns='${NS.rsm}'><after>${after}</after></set>`}</query>`,
  );
const setOf = (answer: Stanza): string[] =>
  answer.payload
    ?.child("set", NS.rsm)
    ?.elements()
    .map((element) => element.text) ?? [];

test("many changes at once are told to a full room over many turns, to everybody", async () => {
  let inTurn = 0;
  let mostInTurn = 0;
  let isOver = false;
  const turn = (): void => {
    mostInTurn = Math.max(mostInTurn, inTurn);
    inTurn = 0;
    if (!isOver) setImmediate(turn);
  };
  const seats: TestClient[] = [];
  for (let number = 0; number < 100; number += 1) {
    const seat = await server.connect(`macbeth@macbeth.example/${number}`);
    await enter(seat, "macbeth");
    seats.push(seat);
  }
  for (const seat of seats) {
    await seat.sync();
    const write = seat.write.bind(seat);
    seat.write = (xml) => {
      inTurn += 1;
      write(xml);
    };
  }
  turn();
  expect(await outcome(crone, bans(0, 100))).toBe("ok");
  for (const seat of seats) {
    let told = 0;
    await expect.poll(async () => (told += await news(seat))).toBe(100);
  }
  turn();
  isOver = true;
  expect(mostInTurn).toBeLessThan(3 * perTurn);
});

const news = async (seat: TestClient): Promise<number> =>
  (await seat.sync()).filter(({ from, kind }) => kind === "message" && from === coven).length;

test("a long list comes page by page, each of which others take, and all of it", async () => {
  for (const from of [0, 1000, 2000]) expect(await outcome(crone, bans(from, 1000))).toBe("ok");
  for (let from = 3000; from < 3100; from += 50) await outcome(crone, bans(from, 50, "x".repeat(4000)));
  const found = new Set<string>();
  let pages = 0;
  for (let after: string | undefined; found.size < 3100; pages += 1) {
    const answer = await read(after);
    const [, last, count] = setOf(answer);
    expect(count).toBe("3100");
    expect(items(answer).length).toBeLessThanOrEqual(2000);
    expect(String(answer).length).toBeLessThan(200 * 1024);
    for (const item of items(answer)) found.add(item.attr("jid") ?? "");
    after = last;
  }
  expect(pages).toBeGreaterThanOrEqual(4);
});
