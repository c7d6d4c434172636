import { el, type Element } from "./element.ts";
import { NS } from "./namespaces.ts";

/** XEP-0004 3.1. */
export type FormType = "form" | "submit" | "cancel" | "result";

/** XEP-0004 3.3. */
export type FieldType =
  | "boolean"
  | "fixed"
  | "hidden"
  | "jid-multi"
  | "jid-single"
  | "list-multi"
  | "list-single"
  | "text-multi"
  | "text-private"
  | "text-single";

export interface FormField {
  /** Absent only on `fixed` fields. */
  readonly var?: string;
  readonly type?: FieldType;
  readonly label?: string;
  readonly isRequired?: boolean;
  readonly values?: readonly string[];
  readonly options?: readonly { readonly label?: string; readonly value: string }[];
}

export interface FormHead {
  /** The FORM_TYPE of XEP-0068. */
  readonly formType?: string;
  readonly title?: string;
  readonly instructions?: string;
}

/** What somebody filled in. */
export interface FormValues {
  readonly type: FormType;
  readonly formType: string | undefined;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

const FORM_TYPES: readonly string[] = ["form", "submit", "cancel", "result"] satisfies readonly FormType[];

function isFormType(text: string): text is FormType {
  return FORM_TYPES.includes(text);
}

function value(text: string): Element {
  return el("value", NS.forms, undefined, text);
}

function buildField(field: FormField): Element {
  return el(
    "field",
    NS.forms,
    { var: field.var, type: field.type, label: field.label },
    field.isRequired === true ? el("required", NS.forms) : undefined,
    ...(field.values ?? []).map(value),
    ...(field.options ?? []).map((option) => el("option", NS.forms, { label: option.label }, value(option.value))),
  );
}

/** `<x xmlns='jabber:x:data'/>`, XEP-0004 3.1. */
export function buildForm(type: FormType, fields: readonly FormField[], head: FormHead = {}): Element {
  const formType: FormField[] =
    head.formType === undefined ? [] : [{ var: "FORM_TYPE", type: "hidden", values: [head.formType] }];
  return el(
    "x",
    NS.forms,
    { type },
    head.title === undefined ? undefined : el("title", NS.forms, undefined, head.title),
    head.instructions === undefined ? undefined : el("instructions", NS.forms, undefined, head.instructions),
    ...[...formType, ...fields].map(buildField),
  );
}

/** Reads a form's values, first field first where a name comes twice; undefined when the element is no form. */
export function parseForm(form: Element): FormValues | undefined {
  const type = form.attr("type") ?? "";
  if (!form.is("x", NS.forms) || !isFormType(type)) return undefined;
  const values = new Map<string, readonly string[]>();
  for (const field of form.elements("field")) {
    const name = field.attr("var");
    if (name === undefined || values.has(name)) continue;
    values.set(
      name,
      field.elements("value").map((one) => one.text),
    );
  }
  return { type, formType: values.get("FORM_TYPE")?.[0], values };
}

/** XEP-0004 3.3: both spellings of xs:boolean. */
export function parseBoolean(text: string | undefined): boolean | undefined {
  if (text === "1" || text === "true") return true;
  return text === "0" || text === "false" ? false : undefined;
}
