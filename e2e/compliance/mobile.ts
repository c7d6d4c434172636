import { child } from "../support/xml.ts";
import { ask, bareOf, befriend, check, deep, featuresOf, find, message } from "./stage.ts";
import { streamManagement } from "./stream-management.ts";
import type { Category } from "./suite.ts";

const NS_CSI = "urn:xmpp:csi:0";
const NS_PUSH = "urn:xmpp:push:0";
const NS_PUBSUB = "http://jabber.org/protocol/pubsub";

export const mobile: Category = {
  name: "Mobile",
  rows: [
    streamManagement("server"),
    {
      feature: "Client State Indication",
      level: "server",
      specifications: "XEP-0352",
      behaviour: "an inactive client is spared presence and chat states, until a message comes or it is active again",
      async show(stage) {
        const phone = await stage.login("romeo", "phone");
        const juliet = await stage.login("juliet", "balcony");
        check(child(phone.features!, "csi", NS_CSI) !== undefined, "no <csi/> in the stream features");
        await befriend(phone, juliet);
        await phone.ping();
        phone.send(`<inactive xmlns='${NS_CSI}'/>`);
        await phone.ping();
        const isShow = (stanza: { name: string; attrs: Readonly<Record<string, string>> }): boolean =>
          stanza.name === "presence" && stanza.attrs["from"] === juliet.jid;
        while (phone.pending.some(isShow)) await phone.receive(isShow);
        juliet.send("<presence><show>away</show></presence>");
        juliet.send("<presence><show>dnd</show></presence>");
        await juliet.ping();
        check(!phone.pending.some(isShow), "presence was sent to an inactive client");
        juliet.send(`<message type='chat' to='${bareOf(phone)}'><body>wake</body></message>`);
        await message(phone, "wake");
        const presence = phone.pending.filter(isShow);
        check(presence.length === 1 && find(presence[0]!, "show") === "dnd", "not the newest presence, and once");
      },
    },
    {
      feature: "Third Party Push Notifications",
      level: "advanced",
      specifications: "XEP-0357",
      behaviour: "an app server that the client named is told of a message for somebody who is away",
      async show(stage) {
        const romeo = await stage.login("romeo", "push");
        const juliet = await stage.login("juliet", "push");
        // The app server: a client that answers publishes to its own address.
        const server = await stage.login("appserver", "node");
        const features = await featuresOf(romeo, bareOf(romeo));
        check(features.has(NS_PUSH), "the account does not say that it has push");
        await ask(romeo, "set", "", `<enable xmlns='${NS_PUSH}' jid='${server.jid}' node='n1'/>`);
        await romeo.close();
        await juliet.ping();
        juliet.send(`<message type='chat' to='${bareOf(romeo)}'><body>are you there?</body></message>`);
        const told = await server.receive(
          (stanza) => stanza.name === "iq" && deep(stanza, "publish", NS_PUBSUB)?.attrs["node"] === "n1",
        );
        check(deep(told, "notification", NS_PUSH) !== undefined, "it carries no notification");
        server.send(`<iq type='result' id='${told.attrs["id"] ?? ""}' to='${told.attrs["from"] ?? ""}'/>`);
        await server.ping();
      },
    },
  ],
};
