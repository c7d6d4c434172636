import { z } from "zod";
import { defineModule } from "../core/module.ts";
import { type Element, el } from "../xmpp/element.ts";
import { NS } from "../xmpp/namespaces.ts";

const NS_SERVER_INFO = "http://jabber.org/network/serverinfo";
/** The fields of XEP-0157 3, each with `-addresses` after it. */
const purposes = ["abuse", "admin", "feedback", "sales", "security", "status", "support"] as const;

const address = z
  .string()
  .max(1000)
  .regex(/^(?:mailto|xmpp|https?|tel|sip):[^\s<]+$/, "expected an address such as mailto:abuse@example.org");
const addresses = z.array(address).max(20);

export const contactAddresses = defineModule({
  name: "contact-addresses",
  summary: "Tells whom to write to about abuse, security or support.",
  xeps: [{ number: 157, version: "1.1.1" }],
  options: z.strictObject({
    abuse: addresses.default([]).describe("Where abuse is reported, as URIs: `mailto:`, `xmpp:` or `https:`."),
    admin: addresses.default([]).describe("Those who run the server."),
    feedback: addresses.default([]).describe("Where users say what they think of it."),
    sales: addresses.default([]).describe("Where it is bought."),
    security: addresses.default([]).describe("Where weaknesses are reported."),
    status: addresses.default([]).describe("Where it is told what works and what does not."),
    support: addresses.default([]).describe("Where users find help."),
  }),
  start({ options, ...ctx }) {
    const told = purposes.filter((purpose) => options[purpose].length > 0);
    if (told.length === 0) return;
    ctx.extendedInfo(
      el(
        "x",
        NS.forms,
        { type: "result" },
        el("field", NS.forms, { var: "FORM_TYPE", type: "hidden" }, el("value", NS.forms, undefined, NS_SERVER_INFO)),
        ...told.map((purpose) => field(`${purpose}-addresses`, options[purpose])),
      ),
    );
  },
});

function field(name: string, values: readonly string[]): Element {
  const children = values.map((value) => el("value", NS.forms, undefined, value));
  return el("field", NS.forms, { var: name, type: "list-multi" }, ...children);
}
