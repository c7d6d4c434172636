/** What a server had sent when its connection to another one broke arrives once, or comes back (XEP-0198). */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { XmlElement } from "../support/xml.ts";
import { XmppClient } from "../support/xmpp-client.ts";
import { type Cable, cable } from "./cable.ts";
import { type Neighbour, type Neighbourhood, neighbourhood } from "./neighbour.ts";
import { nightpost } from "./nightpost.ts";
import { prosody } from "./prosody.ts";

const password = "a long password";

const others: readonly (readonly [string, (around: Neighbourhood) => Promise<Neighbour>, boolean])[] = [
  ["another Nightpost", (around) => nightpost(around, "capulet.example"), true],
  ["Prosody, which resumes no streams of servers", (around) => prosody(around, "capulet.example"), false],
];

/** Puts a cable before a server that has said where it is. */
async function cableTo(around: Neighbourhood, domain: string): Promise<Cable> {
  const { services } = around.dns.names.get(`_xmpp-server._tcp.${domain}`)!;
  const laid = await cable(services![0]!.port);
  around.announce(domain, laid.port);
  return laid;
}

async function login(server: Neighbour, user: string): Promise<XmppClient> {
  await server.register(user, password);
  const client = await XmppClient.connect({ port: server.c2sPort, host: server.domain, tls: server.tls });
  await client.login(user, password, { resource: "x" });
  client.send("<presence/>");
  await client.ping();
  return client;
}

const isMessage = ({ name, attrs }: XmlElement): boolean => name === "message" && attrs["id"] !== undefined;

for (const [title, start, isResuming] of others) {
  describe(`between Nightpost and ${title}`, () => {
    let around: Neighbourhood;
    let montague: Awaited<ReturnType<typeof nightpost>>;
    let capulet: Neighbour;
    let romeo: XmppClient;
    let juliet: XmppClient;
    let cables: Cable[] = [];

    const says = (from: XmppClient, id: string): void => {
      const to = from === romeo ? "juliet@capulet.example/x" : "romeo@montague.example/x";
      from.send(`<message to='${to}' type='chat' id='${id}'><body>${id}</body></message>`);
    };

    before(async () => {
      around = await neighbourhood();
      montague = await nightpost(around, "montague.example");
      capulet = await start(around);
      cables = [await cableTo(around, "montague.example"), await cableTo(around, "capulet.example")];
      romeo = await login(montague, "romeo");
      juliet = await login(capulet, "juliet");
    });

    after(async () => {
      romeo?.destroy();
      juliet?.destroy();
      for (const laid of cables) await laid.close();
      await capulet?.stop();
      await montague?.stop();
      await around?.close();
    });

    for (const sender of ["romeo", "juliet"] as const) {
      test(`what ${sender} sends into a connection that is dead arrives once, or comes back`, async () => {
        const [from, to] = sender === "romeo" ? [romeo, juliet] : [juliet, romeo];
        says(from, `${sender}-warm`);
        // What a lost stream had delivered but not yet acknowledged comes back too (XEP-0198 5), to either test.
        await to.receive((element) => isMessage(element) && element.attrs["id"] === `${sender}-warm`);
        for (const laid of cables) laid.freeze();
        const ids = ["1", "2", "3"].map((number) => `${sender}-${number}`);
        for (const id of ids) says(from, id);
        await from.ping();
        for (const laid of cables) laid.cut();
        if (isResuming) {
          says(from, `${sender}-after`);
          const arrived = [];
          for (let count = 0; count < 4; count += 1) arrived.push((await to.receive(isMessage)).attrs["id"]);
          assert.deepEqual(arrived, [...ids, `${sender}-after`]);
        } else {
          const returned = [];
          for (const id of ids) {
            const error = await from.receive((element) => isMessage(element) && element.attrs["id"] === id);
            returned.push(error.attrs["type"]);
          }
          assert.deepEqual(returned, ["error", "error", "error"]);
        }
        await from.ping();
        await to.ping();
        assert.ok(!to.pending.some((element) => isMessage(element) && ids.includes(element.attrs["id"]!)));
      });
    }
  });
}
