import { child, text } from "./xml.ts";
import type { XmppClient } from "./xmpp-client.ts";

const forward = "urn:xmpp:forward:0";
const mam = "urn:xmpp:mam:2";

/** Bodies of all messages in the archive of a client's account (XEP-0313), page by page, in their order. */
export async function archivedBodies(client: XmppClient): Promise<string[]> {
  const bodies: string[] = [];
  let after = "";
  for (let page = 1; ; page += 1) {
    const id = `archive-${page}`;
    const set = `<set xmlns='http://jabber.org/protocol/rsm'><max>250</max>${after}</set>`;
    client.send(`<iq type='set' id='${id}'><query xmlns='${mam}'>${set}</query></iq>`);
    for (;;) {
      const next = await client.receive(({ name, attrs }) => name === "message" || attrs["id"] === id, 10_000);
      const forwarded = child(next, "result", mam);
      if (forwarded !== undefined) {
        bodies.push(text(child(child(child(forwarded, "forwarded", forward)!, "message")!, "body")));
        continue;
      }
      if (next.name === "message") continue;
      const fin = child(next, "fin", mam);
      if (fin === undefined) throw new Error("the archive does not answer");
      if (fin.attrs["complete"] === "true") return bodies;
      after = `<after>${text(child(child(fin, "set")!, "last"))}</after>`;
      break;
    }
  }
}
