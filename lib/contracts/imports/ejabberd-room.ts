import type { DumpRecord } from "./ejabberd-dump.ts";
import { ejabberdJid } from "./ejabberd-element.ts";
import { ejabberdArchived } from "./ejabberd-user.ts";
import { type ErlangTerm, erlangAtom, erlangList, erlangText, erlangTuple } from "./erlang-data.ts";
import { formField, submittedForm } from "./form-text.ts";
import { roomElement, saidBy, subjectElement } from "./room-element.ts";
import { xmlElement, xmlText } from "./xml-text.ts";

/** Options that say yes or no, with their fields (XEP-0045 15.5.3). */
const yesNo: ReadonlyMap<string, string> = new Map([
  ["persistent", "persistentroom"],
  ["public", "publicroom"],
  ["members_only", "membersonly"],
  ["allow_change_subj", "changesubject"],
  ["allow_user_invites", "allowinvites"],
  ["mam", "enablearchiving"],
]);
const texts: ReadonlyMap<string, string> = new Map([
  ["title", "roomname"],
  ["description", "roomdesc"],
  ["lang", "lang"],
]);

/** A room with its settings and its lists, and where it is; undefined: it is none that stays. */
export function ejabberdRoom(record: DumpRecord): { name: string; service: string; xml: string } | undefined {
  const [name, service] = erlangTuple(record.get("name_host")).map(erlangText);
  const options = new Map(
    erlangList(record.get("opts")).map((option) => {
      const [key, value] = erlangTuple(option);
      return [erlangAtom(key) ?? "", value] as const;
    }),
  );
  if (!name || !service || !isTrue(options.get("persistent"))) return undefined;
  const affiliations = erlangList(options.get("affiliations")).map(affiliation);
  // Moderated, with a voice for whoever enters, is how ejabberd's rooms are by default: here that is an open one.
  const isModerated = isTrue(options.get("moderated")) && !isTrue(options.get("members_by_default"));
  const moderated = formField("muc#roomconfig_moderatedroom", [isModerated ? "1" : "0"]);
  const fields = [moderated, ...[...options].flatMap(field)];
  const form = submittedForm("http://jabber.org/protocol/muc#roomconfig", fields);
  const subject = subjectOf(`${name}@${service}`, options.get("subject"), options.get("subject_author"));
  return { name, service, xml: roomElement(name, form, affiliations.join(""), subject) };
}

/** A message of a room's archive: its nickname stands beside it. */
export function ejabberdHeard(record: DumpRecord): string {
  const by = saidBy(erlangText(record.get("nick")), ejabberdJid(record.get("peer")) || undefined);
  return ejabberdArchived(record, by);
}

/** Texts with their languages, or before ejabberd 18 one without; `author`: `{Nick, JID}`, or a nickname. When it was is not kept. */
function subjectOf(room: string, subject: ErlangTerm | undefined, author: ErlangTerm | undefined): string {
  const [text] = erlangList(subject).flatMap((each) => erlangText(erlangTuple(each)[2]) ?? []);
  const nick = erlangText(erlangTuple(author)[0]) ?? erlangText(author) ?? "";
  return subjectElement(text ?? erlangText(subject) ?? "", nick === "" ? room : `${room}/${nick}`);
}

const isTrue = (term: ErlangTerm | undefined): boolean => erlangAtom(term) === "true";

function field([option, value]: readonly [string, ErlangTerm | undefined]): string[] {
  const config = (name: string, ...values: string[]) => [formField(`muc#roomconfig_${name}`, values)];
  const atom = erlangAtom(value);
  const text = erlangText(value);
  const [flag, plain] = [yesNo.get(option), texts.get(option)];
  if (flag !== undefined) return atom === undefined ? [] : config(flag, atom === "true" ? "1" : "0");
  if (plain !== undefined) return text === undefined ? [] : config(plain, text);
  switch (option) {
    case "anonymous":
      return config("whois", atom === "false" ? "anyone" : "moderators");
    case "password":
      return text ? config("roomsecret", text) : [];
    case "password_protected":
      return config("passwordprotectedroom", atom === "true" ? "1" : "0");
    case "max_users":
      return typeof value === "number" ? config("maxusers", String(value)) : [];
    case "allowpm":
      return atom === undefined ? [] : config("allowpm", atom);
    case "allow_private_messages":
      return config("allowpm", atom === "false" ? "none" : "anyone");
    case "presence_broadcast":
      return config("presencebroadcast", ...erlangList(value).flatMap((role) => erlangAtom(role) ?? []));
    default:
      return [];
  }
}

/** `{{User, Server, ""}, {owner, Reason}}`, or `{…, owner}`. */
function affiliation(entry: ErlangTerm): string {
  const [address, standing] = erlangTuple(entry);
  const [nested, reason] = erlangTuple(standing);
  const words = erlangText(reason) ?? "";
  return xmlElement(
    "item",
    { affiliation: erlangAtom(standing) ?? erlangAtom(nested), jid: ejabberdJid(address) },
    words === "" ? "" : xmlElement("reason", {}, xmlText(words)),
  );
}
