import { el, type Element } from "../../xmpp/element.ts";
import { buildForm, parseForm } from "../../xmpp/forms.ts";
import { NS } from "../../xmpp/namespaces.ts";

const defaultInstructions = "Choose a user name and a password.";

/** The fields to fill in (XEP-0077 3.1), as elements and as a data form (XEP-0077 4). */
export function registrationForm(instructions: string): Element {
  const text = instructions === "" ? defaultInstructions : instructions;
  const form = buildForm(
    "form",
    [
      { var: "username", type: "text-single", label: "User name", isRequired: true },
      { var: "password", type: "text-private", label: "Password", isRequired: true },
    ],
    { formType: NS.register, title: "Registration", instructions: text },
  );
  return el(
    "query",
    NS.register,
    undefined,
    el("instructions", NS.register, undefined, text),
    el("username", NS.register),
    el("password", NS.register),
    form,
  );
}

/** What somebody is told who has an account (XEP-0077 3.1). */
export function registeredForm(local: string): Element {
  return el(
    "query",
    NS.register,
    undefined,
    el("registered", NS.register),
    el("username", NS.register, undefined, local),
    el("password", NS.register),
  );
}

/** What was filled in. A data form takes precedence over the fields (XEP-0077 4). Absent fields are "". */
export function readForm(query: Element): { readonly username: string; readonly password: string } {
  const element = query.child("x", NS.forms);
  const values = element === undefined ? undefined : parseForm(element);
  if (values !== undefined && values.type === "submit") {
    const value = (name: string): string => values.values.get(name)?.[0] ?? "";
    return { username: value("username"), password: value("password") };
  }
  const text = (name: string): string => query.child(name)?.text ?? "";
  return { username: text("username"), password: text("password") };
}
