import { RawClient } from "../../server/net/testing.ts";

export const NS_SASL = "urn:ietf:params:xml:ns:xmpp-sasl";

/** The head of a client's stream. */
export const header = (to = "localhost"): string =>
  `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${to}' version='1.0'>`;

export const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");

export const plain = (authzid: string, user: string, password: string): string =>
  `<auth xmlns='${NS_SASL}' mechanism='PLAIN'>${base64(`${authzid}\0${user}\0${password}`)}</auth>`;

/** A stream with a resource bound, of a client that sends whatever it likes. */
export async function loggedIn(port: number, user: string, password: string): Promise<RawClient> {
  const client = await RawClient.connect(port);
  client.send(header() + plain("", user, password));
  await client.until("<success");
  client.send(`${header()}<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>`);
  await client.until("</iq>");
  return client;
}
