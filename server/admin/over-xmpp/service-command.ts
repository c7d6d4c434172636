import type { Permission } from "../../../lib/contracts/endpoint.ts";
import type { Contract } from "../../../lib/contracts/index.ts";
import type { CommandAnswer } from "../../core/command.ts";
import type { Core } from "../../core/core.ts";
import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { buildForm, type FormField, type FormValues } from "../../xmpp/forms.ts";
import { Jid } from "../../xmpp/jid.ts";
import type { InputOf, OutputOf } from "../invoke.ts";

export const NS_ADMIN = "http://jabber.org/protocol/admin";

/** {@link Invoke} for whoever runs the command: each use is a call of its own. */
export type Run = <Entity extends keyof Contract, Name extends string & keyof Contract[Entity]>(
  entity: Entity,
  name: Name,
  input: InputOf<Contract[Entity][Name]>,
) => Promise<OutputOf<Contract[Entity][Name]>>;

/** What a command is run with. */
export interface Task {
  readonly core: Core;
  readonly host: string;
  readonly values: FormValues;
  readonly run: Run;
}

/** A command of XEP-0133: a form, unless nothing is asked, and the verbs behind it. */
export interface ServiceCommand {
  /** What comes after `http://jabber.org/protocol/admin#`. */
  readonly node: string;
  readonly name: string;
  /** Whoever has it on the host is shown the command; the verbs ask for themselves. */
  readonly permission: Permission;
  /** The form; null: it is run at once. */
  fields(core: Core, host: string): readonly FormField[] | null;
  run(task: Task): Promise<CommandAnswer>;
}

export function adminForm(type: "form" | "result", fields: readonly FormField[], title?: string): Element {
  return buildForm(type, fields, { formType: NS_ADMIN, ...(title === undefined ? {} : { title }) });
}

export function done(text: string): CommandAnswer {
  return { kind: "completed", note: { type: "info", text } };
}

export function result(...fields: FormField[]): CommandAnswer {
  return { kind: "completed", form: adminForm("result", fields) };
}

/** One value of a field that has to be there. Throws StanzaError. */
export function valueOf({ values }: FormValues, name: string): string {
  const value = values.get(name)?.[0] ?? "";
  if (value === "") throw StanzaError.of("bad-request", `The field ${name} is empty.`);
  return value;
}

/** Lines of a text-multi field as one text. Throws StanzaError when there is none. */
export function textOf({ values }: FormValues, name: string): string {
  const text = (values.get(name) ?? []).join("\n").trim();
  if (text === "") throw StanzaError.of("bad-request", `The field ${name} is empty.`);
  return text;
}

const maxJids = 100;

/** Accounts of the host that a field names. Throws StanzaError. */
export function accountsOf({ values }: FormValues, name: string, host: string): Jid[] {
  const texts = (values.get(name) ?? []).map((text) => text.trim()).filter((text) => text !== "");
  if (texts.length === 0) throw StanzaError.of("bad-request", `The field ${name} is empty.`);
  if (texts.length > maxJids) throw StanzaError.of("not-acceptable", `No more than ${maxJids} at a time.`);
  return texts.map((text) => {
    const jid = Jid.tryParse(text);
    if (jid === undefined) throw StanzaError.of("jid-malformed", `${text} is no JID.`);
    if (jid.domain !== host || jid.local === "")
      throw StanzaError.of("not-acceptable", `${text} is not an account of ${host}.`);
    return jid;
  });
}
