import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { header } from "../../core/testing-streams.ts";
import { addressesIn } from "../../net/client-certificate.ts";
import { type Authority, testAuthority, testClientCertificate } from "../../net/testing-certificates.ts";
import { RawClient } from "../../net/testing.ts";
import {
  addressOf,
  ask,
  authenticate,
  conditionOf,
  host,
  juliet,
  plain,
  romeo,
  server,
  start,
  stop,
  stream,
} from "./testing.ts";

let authority: Authority;
beforeAll(() => {
  authority = testAuthority();
});
beforeEach(() => start(undefined, authority.cert));
afterEach(stop);

type Certificate = ReturnType<typeof testClientCertificate>;
const dayMs = 86_400_000;
const tlsOf = ({ cert, key }: Certificate) => ({ tls: { cert, key } });
const external = (authzid = ""): string => authenticate("EXTERNAL", authzid, "<bind xmlns='urn:xmpp:bind:0'/>");
const certificate = (...addresses: string[]): Certificate => testClientCertificate(authority, addresses);

it("lets a client in as whom its certificate names, by either profile", async () => {
  const own = tlsOf(certificate(juliet.bare));
  const { features } = await stream(own);
  expect(features.match(/<mechanism>EXTERNAL<\/mechanism>/g)).toHaveLength(2);
  expect(addressOf((await ask(external(), own)).answer)).toMatch(/^juliet@capulet\.example\//);
  const { client } = await stream(own);
  client.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>");
  await client.until("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
});

it("works behind STARTTLS as well", async () => {
  const { cert, key } = certificate(juliet.bare);
  const client = await RawClient.connect(server.port);
  client.send(header(host));
  await client.until("</stream:features>");
  client.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  await client.until("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  await client.startTls({ cert, key });
  client.send(header(host));
  expect(await client.until("</stream:features>")).toContain("<mechanism>EXTERNAL</mechanism>");
  client.send(external());
  await client.until("</success>");
  client.destroy();
});

it.each<[name: string, addresses: string[], authzid: string, outcome: string]>([
  ["the address it has", [juliet.bare], juliet.bare, "success"],
  ["another address", [juliet.bare], romeo.bare, "invalid-authzid"],
  ["what is no address", [juliet.bare], "@", "invalid-authzid"],
  ["one of its addresses", [juliet.bare, romeo.bare], romeo.bare, "success"],
  ["none of its addresses", [juliet.bare, romeo.bare], "", "invalid-authzid"],
  ["an account that is not there", [`nobody@${host}`], "", "not-authorized"],
])("asking for %s", async (_name, addresses, authzid, outcome) => {
  expect(conditionOf((await ask(external(authzid), tlsOf(certificate(...addresses)))).answer)).toBe(outcome);
});

it.each<[name: string, made: () => Certificate]>([
  ["nobody vouches for", () => testClientCertificate(testAuthority("Another"), [juliet.bare])],
  [
    "somebody vouches for who only has the authority's name",
    () => testClientCertificate(testAuthority(), [juliet.bare]),
  ],
  ["has expired", () => testClientCertificate(authority, [juliet.bare], Date.now() - dayMs)],
  ["names another host", () => certificate("juliet@montague.example")],
  ["names a resource", () => certificate(`${juliet.bare}/balcony`)],
  ["names the host alone", () => certificate(host)],
  ["names nobody", () => certificate()],
])("is not offered for a certificate that %s", async (_name, made) => {
  const own = tlsOf(made());
  expect((await stream(own)).features).not.toContain("EXTERNAL");
  expect(conditionOf((await ask(external(), own)).answer)).toBe("invalid-mechanism");
  expect(conditionOf((await ask(plain(), own)).answer)).toBe("success");
});

it("says that the account is suspended, and is offered to nobody without a certificate", async () => {
  await server.core.accounts.suspend(juliet, { reason: "", at: 0, until: null, by: "x" });
  expect(conditionOf((await ask(external(), tlsOf(certificate(juliet.bare)))).answer)).toBe("account-disabled");
  expect((await stream()).features).not.toContain("EXTERNAL");
});

it("reads no more from a certificate than there is, wherever it is cut", () => {
  const { raw } = certificate(juliet.bare);
  expect(addressesIn(raw)).toEqual([juliet.bare]);
  for (let length = 0; length < raw.length; length += 1) expect(addressesIn(raw.subarray(0, length))).toEqual([]);
  const damaged = Buffer.from(raw);
  for (let at = 0; at < raw.length; at += 1) {
    damaged[at] = raw[at]! ^ 0xff;
    expect(addressesIn(damaged).every((address) => typeof address === "string")).toBe(true);
    damaged[at] = raw[at]!;
  }
});
