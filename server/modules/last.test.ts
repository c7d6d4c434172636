import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type TestClient, type TestServer, testServer } from "../core/testing.ts";
import { last } from "./last.ts";
import { presence } from "./presence/module.ts";
import { roster } from "./roster/module.ts";

let server: TestServer;
let romeo: TestClient;

beforeEach(async () => {
  server = await testServer({
    modules: [roster, presence, last],
    accounts: ["romeo@montague.example", "juliet@capulet.example", "tybalt@capulet.example"],
  });
  romeo = await server.connect("romeo@montague.example/orchard");
  await server.stores.rosters.put(
    "capulet.example",
    "juliet",
    { jid: "romeo@montague.example", name: "", subscription: "from", ask: false, approved: false, groups: [] },
    10,
  );
});

afterEach(async () => {
  expect(server.complaints).toEqual([]);
  await server.stop();
});

async function ask(to: string): Promise<string> {
  romeo.send(`<iq type='get' id='l' to='${to}'><query xmlns='jabber:iq:last'/></iq>`);
  const [answer] = await romeo.sync();
  return answer!.type === "error" ? (answer!.child("error")?.payload?.name ?? "") : String(answer!.payload);
}

const query = (seconds: number, status = ""): string =>
  status === ""
    ? `<query xmlns='jabber:iq:last' seconds='${seconds}'/>`
    : `<query xmlns='jabber:iq:last' seconds='${seconds}'>${status}</query>`;

test("the host's is its uptime", async () => {
  server.clock.advance(90_999);
  expect(await ask("montague.example")).toBe(query(90));
});

test("an account's: never, now, and since it left with its last words", async () => {
  expect(await ask("juliet@capulet.example")).toBe("service-unavailable");
  const juliet = await server.connect("juliet@capulet.example/balcony");
  juliet.send("<presence/>");
  await juliet.sync();
  expect(await ask("juliet@capulet.example")).toBe(query(0));
  juliet.send("<presence type='unavailable'><status>Good night</status></presence>");
  await juliet.sync();
  server.clock.advance(5_000);
  expect(await ask("juliet@capulet.example")).toBe(query(5, "Good night"));
  juliet.send("<presence/>");
  await juliet.sync();
  juliet.die();
  server.clock.advance(1_000);
  expect(await ask("juliet@capulet.example")).toBe(query(1));
});

test("who comes and goes all the time has the last of it written, and few of those before", async () => {
  const { accounts } = server.stores;
  const written = vi.spyOn(accounts, "setLastActivity");
  const juliet = await server.connect("juliet@capulet.example/balcony");
  for (let index = 0; index < 500; index += 1) {
    juliet.send("<presence/>");
    juliet.send(`<presence type='unavailable'><status>${index}</status></presence>`);
  }
  await juliet.sync();
  await vi.waitFor(async () => expect(await ask("juliet@capulet.example")).toBe(query(0, "499")));
  expect(written.mock.calls.length).toBeLessThan(100);
});

test("is nobody else's business", async () => {
  expect(await ask("tybalt@capulet.example")).toBe("forbidden");
  expect(await ask("nobody@capulet.example")).toBe("forbidden");
});
