import { xmlElement, xmlText } from "./xml-text.ts";

/** A field of a submitted form (XEP-0004 3.2). */
export function formField(name: string, values: readonly string[], type?: string): string {
  return xmlElement("field", { var: name, type }, values.map((value) => textElement("value", value)).join(""));
}

/** A form as its owner would submit it; empty: it has no field. */
export function submittedForm(formType: string, fields: readonly string[]): string {
  if (fields.length === 0) return "";
  const all = formField("FORM_TYPE", [formType], "hidden") + fields.join("");
  return xmlElement("x", { xmlns: "jabber:x:data", type: "submit" }, all);
}

export const textElement = (name: string, text: string): string => xmlElement(name, {}, xmlText(text));
