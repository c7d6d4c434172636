import { afterEach, beforeEach, expect, it } from "vitest";
import type { RawClient } from "../net/testing.ts";
import {
  ask,
  hashedToken,
  host,
  juliet,
  laptop,
  phone,
  plain,
  romeo,
  server,
  start,
  stop,
  tokenOf,
  authenticate,
  conditionOf,
  userAgent,
} from "./sasl/testing.ts";

beforeEach(() => start());
afterEach(stop);

const bind = "<bind xmlns='urn:xmpp:bind:0'/>";
const want = "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/>";
const says = (id: string, software: string): string =>
  userAgent(id, `<software>${software}</software><device>D</device>`);

async function request(client: RawClient, type: string, payload: string, to = ""): Promise<string> {
  client.send(`<iq type='${type}' id='r'${to === "" ? "" : ` to='${to}'`}>${payload}</iq>`);
  return client.until(/<iq [^>]*id='r'[^>]*(?:\/>|>.*<\/iq>)/s);
}
const list = (client: RawClient): Promise<string> => request(client, "get", "<list xmlns='urn:xmpp:cam:0'/>");
const revoke = (client: RawClient, id: string): Promise<string> =>
  request(client, "set", `<revoke xmlns='urn:xmpp:cam:0' id='${id}'/>`);
const idOf = (agent: string): string => server.core.clients.idOf(juliet, agent);

it("lists what has access, and what it was used for", async () => {
  await ask(plain(says(laptop, "Desk") + want));
  server.clock.advance(1000);
  const { client } = await ask(plain(says(phone, "Pocket") + bind));
  const text = await list(client);
  expect(text).toMatch(
    new RegExp(
      `<clients xmlns='urn:xmpp:cam:0'><client connected='true' id='${idOf(phone)}' type='session'><first-seen>[^<]+</first-seen><last-seen>[^<]+</last-seen>` +
        "<auth><password/></auth><permission status='unrestricted'/><user-agent><software>Pocket</software><device>D</device></user-agent></client>" +
        `<client connected='false' id='${idOf(laptop)}' type='session'>.*<auth><password/><fast/></auth>`,
    ),
  );
});

it("lists sessions of clients that tell nothing of themselves", async () => {
  const { client } = await ask(plain(bind));
  const [session] = server.core.sessions.of(juliet);
  expect(await list(client)).toContain(`<client connected='true' id='${session!.id}' type='session'>`);
});

it("takes a client's tokens and sessions away, and says that the password is all it needs", async () => {
  const lost = await ask(plain(says(laptop, "Desk") + bind + want));
  const { client } = await ask(plain(says(phone, "Pocket") + bind));
  const answer = await revoke(client, idOf(laptop));
  expect(answer).toMatch(/type='error'.*<service-unavailable .*<password-reset-required xmlns='urn:xmpp:cam:0'\/>/);
  expect(await lost.client.ended()).toContain("<not-authorized");
  const again = authenticate(
    "HT-SHA-256-NONE",
    hashedToken("juliet", tokenOf(lost.answer)).first,
    userAgent(laptop) + "<fast xmlns='urn:xmpp:fast:0'/>",
  );
  expect(conditionOf((await ask(again)).answer)).toBe("not-authorized");
});

it("is done with a client that has but a token", async () => {
  const lost = await ask(plain(says(laptop, "Desk") + want));
  // As after a change of the password, which takes tokens away as well.
  await server.stores.clients.revokeAll(host, "juliet", true);
  await server.core.clients.login(
    juliet,
    {
      id: idOf(laptop),
      software: null,
      device: null,
      mechanism: "HT-SHA-256-NONE",
      address: "192.0.2.1",
      isPassword: false,
      used: null,
      isInvalidated: false,
      issued: server.core.clients.newToken("HT-SHA-256-NONE", 60_000),
    },
    null,
  );
  lost.client.destroy();
  const { client } = await ask(plain(says(phone, "Pocket") + bind));
  expect(await revoke(client, idOf(laptop))).toContain("type='result'");
  expect(await list(client)).not.toContain(idOf(laptop));
  expect(await revoke(client, idOf(laptop))).toContain("<item-not-found");
});

it("is nobody else's business", async () => {
  await ask(plain(says(laptop, "Desk") + bind));
  const { client } = await ask(plain(bind, "romeo"));
  for (const payload of ["<list xmlns='urn:xmpp:cam:0'/>", `<revoke xmlns='urn:xmpp:cam:0' id='${idOf(laptop)}'/>`]) {
    const type = payload.startsWith("<list") ? "get" : "set";
    expect(await request(client, type, payload, juliet.bare)).toContain("<forbidden");
  }
  expect(await revoke(client, idOf(laptop))).toContain("<item-not-found");
  expect(server.core.sessions.of(juliet)).toHaveLength(1);
  expect(server.core.sessions.of(romeo)).toHaveLength(1);
});
