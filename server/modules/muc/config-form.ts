import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { buildForm, type FormField, parseBoolean, parseForm } from "../../xmpp/forms.ts";
import { absentPolicy, RoomConfig } from "./config.ts";
import { NS_CONFIG, NS_OWNER } from "./namespaces.ts";
import { listFields } from "./list-fields.ts";
import type { RoomOptions } from "./options.ts";
import type { Room } from "./room.ts";

/** A field of the form: how it shows, what it says of a configuration, and what its values change there. */
interface Setting {
  readonly field: FormField & { readonly var: string };
  readonly show: (config: RoomConfig) => readonly string[];
  readonly read: (values: readonly string[], limits: RoomOptions) => Partial<RoomConfig>;
}

type Key<Value> = { [K in keyof RoomConfig]: RoomConfig[K] extends Value ? K : never }[keyof RoomConfig];

const yesNo = (name: string, key: Key<boolean>, label: string): Setting => ({
  field: { var: name, type: "boolean", label },
  show: (config) => [config[key] ? "1" : "0"],
  read: ([value]) => {
    const is = parseBoolean(value);
    if (is === undefined) throw badValue(name);
    return { [key]: is };
  },
});

const text = (name: string, key: "name" | "description" | "language", label: string): Setting => ({
  field: { var: name, type: "text-single", label },
  show: (config) => [config[key]],
  read: ([value = ""], { max_text: maxBytes }) => {
    if (Buffer.byteLength(value) > maxBytes)
      throw StanzaError.of("not-acceptable", `${name}: ${maxBytes} bytes at most`);
    return { [key]: value };
  },
});

const choice = <K extends "whois" | "privateMessages">(
  name: string,
  key: K,
  label: string,
  options: readonly (readonly [value: RoomConfig[K], label: string])[],
): Setting => ({
  field: { var: name, type: "list-single", label, options: options.map(([value, label]) => ({ value, label })) },
  show: (config) => [config[key]],
  read: ([value]) => {
    const [found] = options.find(([known]) => known === value) ?? [];
    if (found === undefined) throw badValue(name);
    return { [key]: found };
  },
});

const roles = (name: string, key: "presenceOf" | "memberListFor", label: string): Setting => ({
  field: {
    var: name,
    type: "list-multi",
    label,
    options: ["moderator", "participant", "visitor"].map((value) => ({ value, label: value })),
  },
  show: (config) => config[key],
  read: (values) => {
    const given = RoomConfig.shape[key].safeParse(values.filter((value) => value !== "none"));
    if (!given.success) throw badValue(name);
    return { [key]: [...new Set(given.data)] };
  },
});

const number = (
  name: string,
  key: "maxOccupants" | "historyLength",
  label: string,
  most: (o: RoomOptions) => number,
) => ({
  field: { var: name, type: "text-single" as const, label },
  show: (config: RoomConfig) => [String(config[key])],
  read: ([value = ""]: readonly string[], options: RoomOptions): Partial<RoomConfig> => {
    // XEP-0045 10.1.3 writes no limit as `none`, or nothing.
    if (value === "" || value === "none") return { [key]: most(options) };
    if (!/^\d{1,7}$/.test(value)) throw badValue(name);
    const least = key === "maxOccupants" ? 1 : 0;
    return { [key]: Math.max(least, Math.min(Number(value), most(options))) };
  },
});

const settings: readonly Setting[] = [
  text("muc#roomconfig_roomname", "name", "Name"),
  text("muc#roomconfig_roomdesc", "description", "Description"),
  text("muc#roomconfig_lang", "language", "Language"),
  yesNo("muc#roomconfig_persistentroom", "isPersistent", "It stays when the last one has left"),
  yesNo("muc#roomconfig_publicroom", "isPublic", "Everybody can find it"),
  yesNo("muc#roomconfig_membersonly", "isMembersOnly", "For members only"),
  yesNo("muc#roomconfig_moderatedroom", "isModerated", "Only those speak whom a moderator lets"),
  {
    field: { var: "muc#roomconfig_passwordprotectedroom", type: "boolean", label: "A password is needed" },
    show: ({ password }) => [password === null ? "0" : "1"],
    read: () => ({}),
  },
  {
    field: { var: "muc#roomconfig_roomsecret", type: "text-private", label: "Password" },
    show: ({ password }) => [password ?? ""],
    read: () => ({}),
  },
  choice("muc#roomconfig_whois", "whois", "Who sees the addresses of occupants", [
    ["moderators", "Moderators"],
    ["anyone", "Anyone"],
  ]),
  yesNo("muc#roomconfig_changesubject", "mayParticipantsChangeSubject", "Participants may change the subject"),
  yesNo("muc#roomconfig_allowinvites", "mayParticipantsInvite", "Participants may invite others"),
  choice("muc#roomconfig_allowpm", "privateMessages", "Who may send private messages", [
    ["anyone", "Anyone"],
    ["participants", "Those who may speak"],
    ["moderators", "Moderators"],
    ["none", "Nobody"],
  ]),
  number("muc#roomconfig_maxusers", "maxOccupants", "Occupants at most", (options) => options.max_occupants),
  roles("muc#roomconfig_presencebroadcast", "presenceOf", "Roles whose presence others are told"),
  roles("muc#roomconfig_getmemberlist", "memberListFor", "Roles that may see the members"),
  yesNo("muc#roomconfig_enablearchiving", "isArchived", "What is said is kept"),
  number("muc#maxhistoryfetch", "historyLength", "Messages sent to whoever enters", (options) => options.max_history),
  {
    field: {
      var: "nightpost#absent",
      type: "list-single",
      label: "Messages forwarded to members who are not there",
      options: [
        { value: "all", label: "All" },
        { value: "mentions", label: "Those that mention them" },
        { value: "none", label: "None" },
      ],
    },
    show: (config) => [absentPolicy(config)],
    read: ([value]) => {
      const given = RoomConfig.shape.absent.safeParse(value);
      if (!given.success) throw badValue("nightpost#absent");
      return { absent: given.data };
    },
  },
];

function badValue(name: string): StanzaError {
  return StanzaError.of("bad-request", `not a value of ${name}`);
}

/** The form that an owner fills in, XEP-0045 10.2. */
export function configForm(room: Room): Element {
  const fields = settings.map(({ field, show }) => ({ ...field, values: show(room.config) }));
  const title = `Configuration of ${room.jid.bare}`;
  const form = buildForm("form", [...fields, ...listFields(room)], { formType: NS_CONFIG, title });
  return el("query", NS_OWNER, undefined, form);
}

/**
 * The configuration after a form was submitted; fields that are left out stay as they were. Throws StanzaError: bad-request,
 * not-acceptable (XEP-0045 10.1.3: a password is wanted, but none is given).
 */
export function submittedConfig(element: Element, before: RoomConfig, options: RoomOptions): RoomConfig {
  const form = parseForm(element);
  if (form === undefined || form.type !== "submit") throw StanzaError.of("bad-request", "not a form that is submitted");
  if (form.values.size > 0 && form.formType !== NS_CONFIG) throw StanzaError.of("bad-request", "not this form");
  let config = before;
  for (const { field, read } of settings) {
    const values = form.values.get(field.var);
    if (values !== undefined) config = { ...config, ...read(values, options) };
  }
  // Shown and sent back unchanged, the policy for absent members goes on following from the rest.
  if (before.absent === null && config.absent === absentPolicy(before)) config = { ...config, absent: null };
  return { ...config, password: submittedPassword(form.values, before, options) };
}

function submittedPassword(
  values: ReadonlyMap<string, readonly string[]>,
  { password: before }: RoomConfig,
  { max_text: maxBytes }: RoomOptions,
): string | null {
  const isWanted = values.get("muc#roomconfig_passwordprotectedroom");
  const secret = values.get("muc#roomconfig_roomsecret")?.[0];
  const is = isWanted === undefined ? before !== null : parseBoolean(isWanted[0]);
  if (is === undefined) throw badValue("muc#roomconfig_passwordprotectedroom");
  if (!is) return null;
  const password = secret ?? before ?? "";
  if (password === "" || Buffer.byteLength(password) > maxBytes)
    throw StanzaError.of("not-acceptable", "a password is needed");
  return password;
}
