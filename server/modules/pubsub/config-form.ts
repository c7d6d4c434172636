import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import {
  buildForm,
  type FieldType,
  type FormField,
  type FormType,
  type FormValues,
  parseBoolean,
} from "../../xmpp/forms.ts";
import {
  type ConfigRules,
  itemReplies,
  type NodeConfig,
  notificationTypes,
  payloadLimit,
  publishModels,
  sendLastModels,
} from "./config.ts";
import { NS_NODE_CONFIG } from "./names.ts";

interface Field {
  readonly type: FieldType;
  readonly label: string;
  readonly options?: (rules: ConfigRules) => readonly string[];
  write(config: NodeConfig, rules: ConfigRules): readonly string[];
  /** undefined: the values make no sense. */
  read(values: readonly string[]): Partial<NodeConfig> | undefined;
}

type Key<Value> = { [K in keyof NodeConfig]: NodeConfig[K] extends Value ? K : never }[keyof NodeConfig];

function textField(key: Key<string>, label: string): Field {
  return {
    type: "text-single",
    label,
    write: (config) => [config[key]],
    read: ([value = ""]) => ({ [key]: value }),
  };
}

function booleanField(key: Key<boolean>, label: string): Field {
  return {
    type: "boolean",
    label,
    write: (config) => [config[key] ? "true" : "false"],
    read: ([value]) => {
      const parsed = parseBoolean(value);
      return parsed === undefined ? undefined : { [key]: parsed };
    },
  };
}

function listField(key: keyof NodeConfig, label: string, options: (rules: ConfigRules) => readonly string[]): Field {
  return {
    type: "list-single",
    label,
    options,
    write: (config) => {
      const value = config[key];
      return typeof value === "string" ? [value] : [];
    },
    read: ([value]) => (value === undefined ? {} : { [key]: value }),
  };
}

const COUNT = /^\d{1,9}$/;

/** A number; `max` (config-node-max): no limit other than the service's, as an empty field says too. */
function readNumber(key: "itemExpire" | "maxPayloadSize"): Field["read"] {
  return ([value = ""]) => {
    if (value === "" || value === "max") return { [key]: null };
    return COUNT.test(value) ? { [key]: Number(value) } : undefined;
  };
}

/** By field name, XEP-0060 16.4.4, in the order of the form. */
const FIELDS: ReadonlyMap<string, Field> = new Map<string, Field>([
  ["pubsub#title", textField("title", "A short name for the node")],
  ["pubsub#description", textField("description", "A description of the node")],
  ["pubsub#type", textField("type", "The type of node data, usually the namespace of the payload")],
  ["pubsub#language", textField("language", "The default language of the node")],
  [
    "pubsub#node_type",
    {
      type: "list-single",
      label: "Whether the node has items; there are no collections",
      options: () => ["leaf"],
      write: () => ["leaf"],
      read: ([value]) => (value === "leaf" ? {} : undefined),
    },
  ],
  [
    "pubsub#access_model",
    listField("accessModel", "Who may subscribe and retrieve items", ({ accessModels }) => accessModels),
  ],
  [
    "pubsub#roster_groups_allowed",
    {
      type: "list-multi",
      label: "Roster groups that may subscribe and retrieve items",
      write: (config) => config.rosterGroupsAllowed,
      read: (values) => ({ rosterGroupsAllowed: [...values] }),
    },
  ],
  ["pubsub#publish_model", listField("publishModel", "Who may publish", () => publishModels)],
  ["pubsub#persist_items", booleanField("persistItems", "Keep items")],
  [
    "pubsub#max_items",
    {
      type: "text-single",
      label: "How many items are kept; max: as many as the service allows",
      write: ({ maxItems }) => [String(maxItems)],
      read: ([value = ""]) => {
        if (value === "max") return { maxItems: value };
        return COUNT.test(value) ? { maxItems: Number(value) } : undefined;
      },
    },
  ],
  [
    "pubsub#item_expire",
    {
      type: "text-single",
      label: "Seconds after which items go; max: they stay",
      write: ({ itemExpire }) => [String(itemExpire ?? "max")],
      read: readNumber("itemExpire"),
    },
  ],
  [
    "pubsub#max_payload_size",
    {
      type: "text-single",
      label: "The largest payload, in bytes",
      // Only a number, unlike the one before (XEP-0060 16.4.4).
      write: (config, rules) => [String(payloadLimit(config, rules))],
      read: readNumber("maxPayloadSize"),
    },
  ],
  ["pubsub#deliver_notifications", booleanField("deliverNotifications", "Tell subscribers of events")],
  ["pubsub#deliver_payloads", booleanField("deliverPayloads", "Send the payloads with the events")],
  ["pubsub#notification_type", listField("notificationType", "The type of the messages", () => notificationTypes)],
  ["pubsub#notify_config", booleanField("notifyConfig", "Tell subscribers when the configuration changes")],
  ["pubsub#notify_delete", booleanField("notifyDelete", "Tell subscribers when the node is deleted")],
  ["pubsub#notify_retract", booleanField("notifyRetract", "Tell subscribers when items are removed")],
  ["pubsub#notify_sub", booleanField("notifySub", "Tell owners of subscribers who come and go")],
  [
    "pubsub#send_last_published_item",
    listField("sendLastPublishedItem", "When to send the last item", () => sendLastModels),
  ],
  [
    "pubsub#itemreply",
    {
      type: "list-single",
      label: "Who gets replies to items; publisher: items say who published them",
      options: () => [...itemReplies, "none"],
      write: ({ itemReply }) => [itemReply ?? "none"],
      read: ([value = "none"]) => {
        const itemReply = value === "none" ? null : itemReplies.find((one) => one === value);
        return itemReply === undefined ? undefined : { itemReply };
      },
    },
  ],
]);

/** The configuration as a form of FORM_TYPE node_config, to fill in or as a result. */
export function configForm(config: NodeConfig, rules: ConfigRules, type: FormType): Element {
  const fields = Array.from(FIELDS, ([name, field]): FormField => {
    const options = field.options?.(rules).map((value) => ({ value }));
    const head = { var: name, type: field.type, label: field.label, values: field.write(config, rules) };
    return options === undefined ? head : { ...head, options };
  });
  return buildForm(type, fields, { formType: NS_NODE_CONFIG });
}

/** The metadata of disco#info (XEP-0060 5.4): fields of these names only. */
export function writtenField(config: NodeConfig, rules: ConfigRules, name: string): readonly string[] {
  return FIELDS.get(name)?.write(config, rules) ?? [];
}

/**
 * What a submitted form asks for. A field that nobody knows is passed over, or throws what `onUnknown` makes. Throws
 * StanzaError `not-acceptable` for values that no field of that type can have.
 */
export function readConfigForm(form: FormValues, onUnknown?: (name: string) => StanzaError): Partial<NodeConfig> {
  let changes: Partial<NodeConfig> = {};
  for (const [name, values] of form.values) {
    if (name === "FORM_TYPE") continue;
    const field = FIELDS.get(name);
    if (field === undefined) {
      if (onUnknown !== undefined) throw onUnknown(name);
      continue;
    }
    const read = field.read(values);
    if (read === undefined) throw StanzaError.of("not-acceptable", `${name} has a value that it cannot have`);
    changes = { ...changes, ...read };
  }
  return changes;
}
