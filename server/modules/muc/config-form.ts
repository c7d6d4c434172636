import { type Element, el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { buildForm, type FormField, parseBoolean, parseForm } from "../../xmpp/forms.ts";
import { absentPolicy, RoomConfig } from "./config.ts";
import { listFields } from "./list-fields.ts";
import { NS_CONFIG, NS_OWNER } from "./namespaces.ts";
import type { RoomOptions } from "./options.ts";
import type { Room } from "./room.ts";

/** A field of the form: how it shows, what it says of a configuration, and what its values change in the one before. */
interface Setting {
  readonly field: FormField & { readonly var: string };
  readonly show: (config: RoomConfig) => readonly string[];
  readonly read: (values: readonly string[], limits: RoomOptions, before: RoomConfig) => Partial<RoomConfig>;
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

/** XEP-0045 10.1.3 writes no limit as `none`, or nothing. */
function readNumber(name: string, value: string, least: number, most: number): number {
  if (value === "" || value === "none") return most;
  if (!/^\d{1,7}$/.test(value)) throw badValue(name);
  return Math.max(least, Math.min(Number(value), most));
}

/** The field that clients know for their archives (XEP-0313), and the one that XEP-0045 16.5.3 registers for the same. */
const archiving = yesNo("muc#roomconfig_enablearchiving", "isArchived", "What is said is kept");
const logging = yesNo("muc#roomconfig_enablelogging", "isArchived", "The same, as XEP-0045 calls it");

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
  {
    // XEP-0045 16.5.3 has a list here; any other number is as good, and shown when it is the one in force.
    field: {
      var: "muc#roomconfig_maxusers",
      type: "list-single",
      label: "Occupants at most",
      options: ["10", "20", "50", "100", "200", "500", "1000", "none"].map((value) => ({ value, label: value })),
    },
    show: ({ maxOccupants }) => [String(maxOccupants)],
    read: ([value = ""], { max_occupants: most }) => ({
      maxOccupants: readNumber("muc#roomconfig_maxusers", value, 1, most),
    }),
  },
  roles("muc#roomconfig_presencebroadcast", "presenceOf", "Roles whose presence others are told"),
  roles("muc#roomconfig_getmemberlist", "memberListFor", "Roles that may see the members"),
  archiving,
  {
    ...logging,
    // Both are shown and come back: the one that was changed counts.
    read: (values, limits, before) => {
      const change = logging.read(values, limits, before);
      return change.isArchived === before.isArchived ? {} : change;
    },
  },
  {
    field: { var: "muc#maxhistoryfetch", type: "text-single", label: "Messages sent to whoever enters" },
    show: ({ historyLength }) => [String(historyLength)],
    read: ([value = ""], { max_history: most }) => ({
      historyLength: readNumber("muc#maxhistoryfetch", value, 0, most),
    }),
  },
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

/** What is chosen is among the options (XEP-0004 3.3). */
function withValues(field: FormField, values: readonly string[]): FormField {
  const { options } = field;
  if (options === undefined) return { ...field, values };
  const others = values.filter((value) => !options.some((option) => option.value === value));
  return { ...field, values, options: [...others.map((value) => ({ value, label: value })), ...options] };
}

/** The form that an owner fills in, XEP-0045 10.2. */
export function configForm(room: Room): Element {
  const fields = settings.map(({ field, show }) => withValues(field, show(room.config)));
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
    if (values !== undefined) config = { ...config, ...read(values, options, before) };
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
  const given = values.get("muc#roomconfig_roomsecret");
  const secret = given === undefined ? undefined : (given[0] ?? "");
  // Whoever says no more than the password wants it to be asked for, or none when it is empty.
  const meant = secret === undefined ? before !== null : secret !== "";
  const is = isWanted === undefined ? meant : parseBoolean(isWanted[0]);
  if (is === undefined) throw badValue("muc#roomconfig_passwordprotectedroom");
  if (!is) return null;
  const password = given?.[0] ?? before ?? "";
  if (password === "" || Buffer.byteLength(password) > maxBytes)
    throw StanzaError.of("not-acceptable", "a password is needed");
  return password;
}
