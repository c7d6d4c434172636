import { xmlElement, xmlText } from "./xml-text.ts";

/** XEP-0054 3.1, in the order of its DTD; empty: nothing is known. */
export function personCard(name: string, email: string): string {
  const fields = [
    name === "" ? "" : xmlElement("FN", {}, xmlText(name)),
    email === "" ? "" : xmlElement("EMAIL", {}, xmlElement("USERID", {}, xmlText(email))),
  ].join("");
  return fields === "" ? "" : xmlElement("vCard", { xmlns: "vcard-temp" }, fields);
}
