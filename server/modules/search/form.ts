import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { buildForm, parseForm } from "../../xmpp/forms.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { foldedText, type SearchField } from "./card.ts";

export const NS_SEARCH = "jabber:iq:search";

const labels: Record<SearchField, string> = {
  first: "Given Name",
  last: "Family Name",
  nick: "Nickname",
  email: "Email Address",
};
const instructions = "Fill in the beginning of one or more fields.";
/** Shorter beginnings would list everybody. */
const minLength = 2;

interface Term {
  readonly field: SearchField;
  readonly prefix: string;
}
interface Found {
  readonly jid: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** XEP-0055 2, 3: what can be asked for. */
export function searchForm(fields: readonly SearchField[]): Element {
  const form = buildForm(
    "form",
    fields.map((field) => ({ var: field, type: "text-single", label: labels[field] })),
    { formType: NS_SEARCH, title: "User Directory Search", instructions },
  );
  return el(
    "query",
    NS_SEARCH,
    undefined,
    el("instructions", NS_SEARCH, undefined, instructions),
    ...fields.map((field) => el(field, NS_SEARCH)),
    form,
  );
}

/** What is asked for; no terms: nothing, which nobody matches (XEP-0055 2.1). Throws StanzaError. */
export function readSearch(query: Element, fields: readonly SearchField[]): { terms: Term[]; isForm: boolean } {
  const element = query.child("x", NS.forms);
  const form = element === undefined ? undefined : parseForm(element);
  if (element !== undefined && form?.type !== "submit") throw StanzaError.of("bad-request");
  const terms: Term[] = [];
  for (const field of fields) {
    const text = form === undefined ? query.childText(field) : form.values.get(field)?.[0];
    const prefix = foldedText((text ?? "").replace(/\*+$/, "").slice(0, 200));
    if (prefix === "") continue;
    if (prefix.length < minLength)
      throw StanzaError.of("not-acceptable", `At least ${minLength} characters of each field.`);
    terms.push({ field, prefix });
  }
  return { terms, isForm: form !== undefined };
}

/** XEP-0055 2.1, or with a form 3. */
export function searchResult(found: readonly Found[], fields: readonly SearchField[], isForm: boolean): Element {
  if (!isForm) {
    const items = found.map(({ jid, fields: values }) =>
      el("item", NS_SEARCH, { jid }, ...fields.map((field) => el(field, NS_SEARCH, undefined, values[field] ?? ""))),
    );
    return el("query", NS_SEARCH, undefined, ...items);
  }
  const head = buildForm("result", [], { formType: NS_SEARCH });
  const columns = [
    el("field", NS.forms, { var: "jid", type: "jid-single", label: "Jabber ID" }),
    ...fields.map((field) => el("field", NS.forms, { var: field, type: "text-single", label: labels[field] })),
  ];
  const cell = (name: string, text: string): Element =>
    el("field", NS.forms, { var: name }, el("value", NS.forms, undefined, text));
  const rows = found.map(({ jid, fields: values }) =>
    el("item", NS.forms, undefined, cell("jid", jid), ...fields.map((field) => cell(field, values[field] ?? ""))),
  );
  const form = el(
    "x",
    NS.forms,
    { type: "result" },
    ...head.children,
    el("reported", NS.forms, undefined, ...columns),
    ...rows,
  );
  return el("query", NS_SEARCH, undefined, form);
}
