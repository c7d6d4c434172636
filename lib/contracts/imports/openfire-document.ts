import { textElement } from "./form-text.ts";
import { personCard } from "./person-card.ts";
import { type XmlNode, xmlElements } from "./xml-elements.ts";
import { xmlElement } from "./xml-text.ts";

/** What a file says of itself before it is read in earnest. */
export interface OpenfireFacts {
  readonly accounts: number;
  /** The file does not name the domain of its accounts: most of their contacts have it. Empty: there is no contact. */
  readonly domain: string;
}

/** Looks through what Openfire's plugin User Import/Export writes in Openfire's own format. Throws XmlDataError. */
export async function openfireFacts(text: AsyncIterable<string>): Promise<OpenfireFacts> {
  const domains = new Map<string, number>();
  let accounts = 0;
  for await (const user of xmlElements(text, "User")) {
    if (childText(user, "Username") !== "") accounts += 1;
    for (const item of contactsOf(user)) {
      const [, domain] = /@([^@/]+)/.exec(item.attributes.get("jid") ?? "") ?? [];
      if (domain !== undefined) domains.set(domain, (domains.get(domain) ?? 0) + 1);
    }
  }
  const [domain = ""] = [...domains].toSorted(([, one], [, other]) => other - one)[0] ?? [];
  return { accounts, domain };
}

/** The accounts of such a file, all of one domain, as a XEP-0227 document, piece by piece. Throws XmlDataError. */
export async function* openfireDocument(text: AsyncIterable<string>, domain: string): AsyncGenerator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<server-data xmlns="urn:xmpp:pie:0">`;
  yield xmlElement("host", { jid: domain }).replace(/\/>$/, ">");
  for await (const user of xmlElements(text, "User")) yield userElement(user);
  yield "</host></server-data>";
}

function userElement(user: XmlNode): string {
  const name = childText(user, "Username");
  if (name === "") return "";
  const password = childText(user, "Password");
  const contacts = contactsOf(user);
  const roster = contacts.map(contact).join("");
  return xmlElement(
    "user",
    // Openfire writes user names in the escaped form of XEP-0106, as addresses have them.
    { name, password: password === "" ? undefined : password },
    [
      roster === "" ? "" : xmlElement("query", { xmlns: "jabber:iq:roster" }, roster),
      contacts.map(request).join(""),
      personCard(childText(user, "Name"), childText(user, "Email")),
    ].join(""),
  );
}

/** Numbers that Openfire's rosters are kept with; `-1` is one that was removed. */
const subscriptions: ReadonlyMap<string, string> = new Map([
  ["0", "none"],
  ["1", "to"],
  ["2", "from"],
  ["3", "both"],
]);
const asked = "0";
const asks = "1";

function contact({ attributes, children }: XmlNode): string {
  const subscription = subscriptions.get(attributes.get("substatus") ?? "");
  const isAsked = attributes.get("askstatus") === asked;
  // Whoever has only asked is no contact.
  const isStranger = subscription === "none" && attributes.get("recvstatus") === asks && !isAsked;
  if (subscription === undefined || isStranger) return "";
  const groups = children.filter(({ name, text }) => name === "Group" && text.trim() !== "");
  return xmlElement(
    "item",
    {
      jid: attributes.get("jid"),
      name: attributes.get("name") || undefined,
      subscription,
      ask: isAsked ? "subscribe" : undefined,
    },
    groups.map(({ text }) => textElement("group", text.trim())).join(""),
  );
}

/** Somebody who asked for a subscription and was not answered yet. */
function request({ attributes }: XmlNode): string {
  if (attributes.get("recvstatus") !== asks) return "";
  return xmlElement("presence", { xmlns: "jabber:client", type: "subscribe", from: attributes.get("jid") });
}

const contactsOf = ({ children }: XmlNode): XmlNode[] =>
  children
    .filter(({ name }) => name === "Roster")
    .flatMap((roster) => roster.children.filter(({ name }) => name === "Item"));

const childText = ({ children }: XmlNode, name: string): string =>
  children.find((child) => child.name === name)?.text.trim() ?? "";
