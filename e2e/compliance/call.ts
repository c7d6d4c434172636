import { child, elements } from "../support/xml.ts";
import { ask, check, domain, featuresOf } from "./stage.ts";
import type { Category } from "./suite.ts";

const NS_SERVICES = "urn:xmpp:extdisco:2";

export const call: Category = {
  name: "A/V Calling",
  rows: [
    {
      feature: "STUN/TURN server discovery",
      level: "server",
      specifications: "XEP-0215",
      behaviour:
        "the server tells clients which STUN and TURN servers the operator named, with credentials for a while",
      async show(stage) {
        const romeo = await stage.login("romeo", "call");
        check((await featuresOf(romeo, domain)).has(NS_SERVICES), "the server knows of no external services");
        const services = await ask(romeo, "get", domain, `<services xmlns='${NS_SERVICES}'/>`);
        const turn = elements(services!).find(({ attrs }) => attrs["type"] === "turn");
        check(turn !== undefined, "it names no TURN server");
        check(turn.attrs["username"] !== undefined && turn.attrs["password"] !== undefined, "without credentials");
        check(child(services!, "service") !== undefined, "it names none");
      },
    },
  ],
};
