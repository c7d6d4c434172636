import type { RegistrationPolicy } from "../../features/registration/registration.ts";
import { el, type Element } from "../../xmpp/element.ts";
import { buildForm, parseForm } from "../../xmpp/forms.ts";
import { NS } from "../../xmpp/namespaces.ts";

const defaultInstructions = "Choose a user name and a password.";
const approvalInstructions = "An admin approves each account before it can be used.";
/** XEP-0068 3.4: a field that is not registered for this form. */
const applicationField = "x-application";

/**
 * The fields to fill in (XEP-0077 3.1), as elements and as a data form (XEP-0077 4). Where an admin approves accounts, the form
 * has room for a word to them.
 */
export function registrationForm({ instructions, mode }: RegistrationPolicy): Element {
  const isApproved = mode === "approval";
  const text = [
    instructions === "" ? defaultInstructions : instructions,
    ...(isApproved ? [approvalInstructions] : []),
  ].join(" ");
  const message = { var: applicationField, type: "text-single", label: "A word to the admin" } as const;
  const form = buildForm(
    "form",
    [
      { var: "username", type: "text-single", label: "User name", isRequired: true },
      { var: "password", type: "text-private", label: "Password", isRequired: true },
      ...(isApproved ? [message] : []),
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
export function readForm(query: Element): {
  readonly username: string;
  readonly password: string;
  readonly message: string;
} {
  const element = query.child("x", NS.forms);
  const values = element === undefined ? undefined : parseForm(element);
  const value = (name: string): string => values?.values.get(name)?.[0] ?? "";
  // Psi fills in the form and leaves it of type `form`.
  if (values?.type === "submit" || (values?.type === "form" && value("username") !== "")) {
    return { username: value("username"), password: value("password"), message: value(applicationField) };
  }
  const text = (name: string): string => query.child(name)?.text ?? "";
  return { username: text("username"), password: text("password"), message: "" };
}
