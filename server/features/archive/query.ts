import { parseStanzaId } from "../../core/stanza-id.ts";
import type { ArchiveQuery, MessageKey } from "../../storage/ports.ts";
import { parseDateTime } from "../../xmpp/datetime.ts";
import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { type FormField, buildForm, parseBoolean, parseForm } from "../../xmpp/forms.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { parsePageWish } from "../../xmpp/rsm.ts";

export const NS_ARCHIVE = "urn:xmpp:mam:2";
/** Forms of queries: some libraries go on writing the type of the version before, which has the same fields. */
const formTypes: ReadonlySet<string | undefined> = new Set([NS_ARCHIVE, "urn:xmpp:mam:1"]);
/** XEP-0431. */
export const NS_FULL_TEXT = "urn:xmpp:fulltext:0";
const FULL_TEXT = `{${NS_FULL_TEXT}}fulltext`;
const NS_VALIDATE = "http://jabber.org/protocol/xdata-validate";
/** Ids of one query, and characters to search for. */
const maxIds = 250;
const maxText = 200;
const defaultPage = 50;
/** Text of one page; a longer page ends early. With all that is around it, a connection takes it at once. */
const maxPageBytes = 384 * 1024;

/** What a client asks for, and how it wants it sent. */
export interface Question {
  readonly query: ArchiveQuery;
  readonly isFlipped: boolean;
  readonly queryId: string | undefined;
}

/** Reads `<query/>` of an iq set, XEP-0313 4. Throws StanzaError as the clauses name them. */
export function readQuery(query: Element, owner: { host: string; local: string }, maxPage: number): Question {
  if (query.attr("node") !== undefined) throw StanzaError.of("item-not-found", "there are no nodes");
  const wish = parsePageWish(query.child("set", NS.rsm));
  if (wish === undefined) throw StanzaError.of("bad-request", "not a number of messages");
  if (wish.index !== undefined) throw StanzaError.of("feature-not-implemented", "pages begin at ids only");
  const fields = formFields(query);
  const { keys, ...rest } = fields;
  return {
    query: {
      ...owner,
      ...rest,
      ...(keys === undefined ? {} : { keys }),
      after: [...fields.after, ...bound(wish.after)],
      before: [...fields.before, ...bound(wish.before)],
      from: wish.before === undefined ? "start" : "end",
      limit: Math.min(wish.max ?? defaultPage, maxPage),
      maxBytes: maxPageBytes,
    },
    isFlipped: query.child("flip-page") !== undefined,
    queryId: query.attr("queryid"),
  };
}

/** The form of all fields, XEP-0313 4.1.5. */
export function queryForm(): Element {
  const fields: FormField[] = [
    { var: "with", type: "jid-single" },
    { var: "start", type: "text-single" },
    { var: "end", type: "text-single" },
    { var: "before-id", type: "text-single" },
    { var: "after-id", type: "text-single" },
    { var: "include-groupchat", type: "boolean" },
    { var: FULL_TEXT, type: "text-single" },
  ];
  const form = buildForm("form", fields, { formType: NS_ARCHIVE });
  const validate = el("validate", NS_VALIDATE, { datatype: "xs:string" }, el("open", NS_VALIDATE));
  const ids = el("field", NS.forms, { var: "ids", type: "list-multi" }, validate);
  return el("query", NS_ARCHIVE, undefined, el("x", NS.forms, { type: "form" }, ...form.elements(), ids));
}

interface Fields extends Pick<ArchiveQuery, "with" | "start" | "end" | "text" | "keys"> {
  readonly after: readonly MessageKey[];
  readonly before: readonly MessageKey[];
}

function formFields(query: Element): Fields {
  const element = query.child("x", NS.forms);
  const found: { -readonly [Name in keyof Fields]: Fields[Name] } = { after: [], before: [] };
  if (element === undefined) return found;
  const form = parseForm(element);
  if (form?.type !== "submit" || !formTypes.has(form.formType)) throw StanzaError.of("bad-request", "not this form");
  for (const [name, values] of form.values) {
    const [value = ""] = values;
    switch (name) {
      case "FORM_TYPE":
        break;
      case "with":
        found.with = address(value);
        break;
      case "start":
        found.start = time(value);
        break;
      case "end":
        found.end = time(value);
        break;
      case "after-id":
        found.after = bound(value);
        break;
      case "before-id":
        found.before = bound(value);
        break;
      case "ids":
        if (values.length > maxIds) throw StanzaError.of("policy-violation", `no more than ${maxIds} ids`);
        found.keys = [...new Set(values)].map(known);
        break;
      case FULL_TEXT:
        if (value.length > maxText) throw StanzaError.of("policy-violation", `no more than ${maxText} characters`);
        if (value.trim() !== "") found.text = value;
        break;
      case "include-groupchat":
        // Group chats are in the archives of their rooms, whatever is asked for.
        if (parseBoolean(value) === undefined) throw StanzaError.of("bad-request", "true or false");
        break;
      default:
        throw StanzaError.of("feature-not-implemented", `there is no field ${name}`);
    }
  }
  return found;
}

function address(text: string): string {
  const jid = Jid.tryParse(text.trim());
  if (jid === undefined) throw StanzaError.of("jid-malformed");
  return jid.full;
}

function time(text: string): number {
  const at = parseDateTime(text.trim());
  if (at === undefined) throw StanzaError.of("bad-request", "not a time as in XEP-0082");
  return at;
}

function bound(text: string | undefined): MessageKey[] {
  return text === undefined || text === "" ? [] : [known(text)];
}

function known(text: string): MessageKey {
  const key = parseStanzaId(text);
  if (key === undefined) throw StanzaError.of("item-not-found");
  return key;
}
