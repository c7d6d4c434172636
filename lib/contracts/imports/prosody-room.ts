import { formField, submittedForm } from "./form-text.ts";
import type { LuaTable, LuaValue } from "./lua-data.ts";
import { isTable, textOf } from "./prosody-element.ts";
import { roomElement, subjectElement } from "./room-element.ts";
import { xmlElement } from "./xml-text.ts";

/** What Prosody's rooms know of themselves, with the fields that say yes or no (XEP-0045 15.5.3). */
const yesNo: ReadonlyMap<string, string> = new Map([
  ["members_only", "membersonly"],
  ["moderated", "moderatedroom"],
  ["changesubject", "changesubject"],
  ["allow_member_invites", "allowinvites"],
  ["archiving", "enablearchiving"],
]);
const texts: ReadonlyMap<string, string> = new Map([
  ["name", "roomname"],
  ["description", "roomdesc"],
  ["language", "lang"],
  ["whois", "whois"],
  ["password", "roomsecret"],
]);

/** A room with its settings and its lists; empty: it is none. */
export function prosodyRoom(name: string, { named }: LuaTable): string {
  const data = named.get("_data");
  if (!isTable(data)) return "";
  // Prosody before 0.12 keeps affiliations apart, later ones among what begins with an underscore.
  const apart = named.get("_affiliations");
  const list = isTable(apart) ? apart.named : new Map([...named].filter(([key]) => !key.startsWith("_")));
  const items = [...list].map(([jid, affiliation]) => affiliationItem(jid, affiliation));
  const form = submittedForm("http://jabber.org/protocol/muc#roomconfig", [...data.named].flatMap(field));
  return roomElement(name, form, items.join(""), subjectOf(data));
}

function subjectOf({ named }: LuaTable): string {
  const [text, from] = ["subject", "subject_from"].map((key) => textOf(named.get(key)));
  const at = named.get("subject_time");
  return subjectElement(text ?? "", from, typeof at === "number" ? at * 1000 : undefined);
}

function field([key, value]: readonly [string, LuaValue]): string[] {
  const config = (name: string, text: string) => [formField(`muc#roomconfig_${name}`, [text])];
  const [flag, plain] = [yesNo.get(key), texts.get(key)];
  if (flag !== undefined) return config(flag, value === true ? "1" : "0");
  if (key === "hidden") return config("publicroom", value === true ? "0" : "1");
  const text = plain === undefined ? undefined : textOf(value);
  return plain === undefined || text === undefined || text === "" ? [] : config(plain, text);
}

function affiliationItem(jid: string, affiliation: LuaValue): string {
  const text = textOf(affiliation);
  return text === undefined ? "" : xmlElement("item", { affiliation: text, jid });
}
