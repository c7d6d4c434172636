import { conditionOf } from "../support/xmpp-client.ts";
import { bareOf, check, domain, message } from "./stage.ts";
import type { Row } from "./suite.ts";

const NS_SM = "urn:xmpp:sm:3";

/** The row is in two categories. */
export function streamManagement(level: Row["level"]): Row {
  return {
    feature: "Stream Management",
    level,
    specifications: "XEP-0198",
    behaviour: "stanzas are acknowledged; after a lost connection the stream goes on and brings what came meanwhile",
    async show(stage) {
      const romeo = await stage.login("romeo", "sm", false);
      const juliet = await stage.login("juliet", "sm");
      romeo.send(`<enable xmlns='${NS_SM}' resume='true'/>`);
      const enabled = await romeo.receive(({ ns }) => ns === NS_SM);
      const id = enabled.attrs["id"];
      check(enabled.name === "enabled" && id !== undefined, "no resumption was granted");
      romeo.send("<presence/>");
      romeo.send(`<r xmlns='${NS_SM}'/>`);
      const acknowledged = await romeo.receive(({ ns, name }) => ns === NS_SM && name === "a");
      check(acknowledged.attrs["h"] === "1", `h is ${acknowledged.attrs["h"] ?? ""} after one stanza`);
      romeo.destroy();
      juliet.send(`<message type='chat' to='${bareOf(romeo)}'><body>meanwhile</body></message>`);
      await juliet.ping();
      const again = await stage.open();
      const condition = await again.authenticate(stage.name("romeo"), stage.password, "SCRAM-SHA-1");
      check(condition === null, String(condition));
      await again.openStream();
      again.send(`<resume xmlns='${NS_SM}' h='0' previd='${id}'/>`);
      const resumed = await again.receive(({ ns }) => ns === NS_SM);
      check(resumed.name === "resumed", conditionOf(resumed));
      await message(again, "meanwhile");
      again.send(`<iq type='get' id='after' to='${domain}'><ping xmlns='urn:xmpp:ping'/></iq>`);
      await again.receive(({ attrs }) => attrs["id"] === "after");
    },
  };
}
