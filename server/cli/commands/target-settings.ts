import type { Command } from "commander";
import { z } from "zod";
import { basic, bearer } from "../../../lib/contracts/authorization.ts";
import { ForwardTarget, WebhookOrder, WebhookPreset } from "../../../lib/contracts/forward-target.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { fileText } from "../file-text.ts";

type Options = Readonly<Record<string, unknown>>;

const number = Number;
const kinds = ["webhook", "apns", "fcm", "webpush", "xep0357"];

/** Settings of every kind, in the order of the contract. What an option is for is said where its kind is. */
export function targetOptions(command: Command): Command {
  return command
    .option("--kind <kind>", `what it is: ${kinds.join(", ")}`, "webhook")
    .option("--timeout <ms>", "time for one attempt, milliseconds", number)
    .option("--concurrency <n>", "attempts that may be open at once", number)
    .option("--rate <n>", "attempts that may begin in a second, on average", number)
    .option("--max-attempts <n>", "attempts that an event has", number)
    .option("--ttl <seconds>", "after which an event is no longer sent", number)
    .option("--allow-private", "the address may be loopback or private")
    .option("--key-file <file>", "apns: the .p8 file; fcm: the service account's JSON; webpush: the private key")
    .option("--url <url>", "webhook: where to POST")
    .option("--preset <preset>", `webhook: what is sent: ${WebhookPreset.options.join(", ")}`)
    .option("--template-file <file>", "webhook: the preset `template`, in Liquid")
    .option("--template-type <type>", "webhook: the media type that the template makes")
    .option("--jid <form>", "webhook: JIDs in the classic form: full, bare or local")
    .option("--confidential", "webhook: say that there is a message, not what it says")
    .option("--header <header...>", "webhook: a request header, `Name: value`")
    .option("--bearer <token>", "webhook: send `Authorization: Bearer TOKEN`")
    .option("--basic <user:password>", "webhook: send `Authorization: Basic …`")
    .option("--access-token <token>", "webhook: sent as access_token by mod_interact and mod_http_offline")
    .option("--signature <version...>", "webhook: v1 (HMAC-SHA256) and v1a (Ed25519)")
    .option("--order <order>", `webhook: what goes one after the other: ${WebhookOrder.options.join(", ")}`)
    .option("--key-id <id>", "apns: id of the key")
    .option("--team-id <id>", "apns: id of the team")
    .option("--topic <id>", "apns: bundle id of the app")
    .option("--environment <name>", "apns: production or sandbox, for devices that did not say")
    .option("--mode <mode>", "apns: alert or background; fcm: notification or data")
    .option("--no-voip", "apns: calls go to the usual token, too")
    .option("--sound <name>", "apns: the sound of an alert")
    .option("--priority <priority>", "fcm: high or normal")
    .option("--provider <url>", "apns, fcm: another server than the provider's")
    .option("--contact <uri>", "webpush: whom a push service may ask, mailto:… or https://…")
    .option("--urgency <urgency>", "webpush: very-low, low, normal or high")
    .option("--service <host...>", "webpush: a push service besides the browsers' own")
    .option("--content <content>", "apns, fcm, webpush: what a phone is told: full, preview, sender or none")
    .option("--preview-length <n>", "apns, fcm, webpush: characters of a preview", number)
    .option("--text <text>", "apns, fcm, webpush, xep0357: shown in place of what is not told")
    .option("--domain <domain...>", "xep0357: a domain of app servers that clients may name")
    .option("--include-sender", "xep0357: say who wrote")
    .option("--body <body>", "xep0357: none, static or full");
}

/** Option name to setting. */
const settings: ReadonlyMap<string, string> = new Map([
  ["kind", "kind"],
  ["timeout", "timeoutMs"],
  ["concurrency", "concurrency"],
  ["rate", "ratePerSecond"],
  ["maxAttempts", "maxAttempts"],
  ["ttl", "ttlSeconds"],
  ["allowPrivate", "allowPrivate"],
  ["url", "url"],
  ["preset", "preset"],
  ["templateType", "templateType"],
  ["jid", "jid"],
  ["confidential", "confidential"],
  ["accessToken", "accessToken"],
  ["signature", "signatures"],
  ["order", "order"],
  ["keyId", "keyId"],
  ["teamId", "teamId"],
  ["topic", "topic"],
  ["environment", "environment"],
  ["mode", "mode"],
  ["sound", "sound"],
  ["priority", "priority"],
  ["provider", "server"],
  ["contact", "contact"],
  ["urgency", "urgency"],
  ["service", "services"],
  ["content", "content"],
  ["previewLength", "previewLength"],
  ["text", "text"],
  ["domain", "domains"],
  ["includeSender", "includeSender"],
  ["body", "body"],
]);

/** Which setting the file of `--key-file` is for. */
const keySettings: ReadonlyMap<unknown, string> = new Map([
  ["apns", "key"],
  ["fcm", "serviceAccount"],
  ["webpush", "privateKey"],
]);

/** The target that the options describe. Throws CommandError for what is wrong, missing, or of another kind. */
export function targetOf(options: Options): ForwardTarget {
  const { kind, keyFile, templateFile, voip } = options;
  const given: Record<string, unknown> = {};
  for (const [option, setting] of settings) if (options[option] !== undefined) given[setting] = options[option];
  if (voip === false) given["voip"] = false;
  const headers = headersOf(options);
  if (Object.keys(headers).length > 0) given["headers"] = headers;
  if (typeof templateFile === "string") given["template"] = fileText(templateFile);
  if (typeof keyFile === "string") {
    const setting = keySettings.get(kind);
    if (setting === undefined)
      throw new CommandError(`--key-file: a target of the kind ${String(kind)} has no key`, exitCodes.usage);
    given[setting] = kind === "webpush" ? fileText(keyFile).trim() : fileText(keyFile);
  }
  const parsed = ForwardTarget.safeParse(given);
  if (!parsed.success) throw new CommandError(z.prettifyError(parsed.error), exitCodes.usage);
  return parsed.data;
}

function headersOf(options: Options): Record<string, string> {
  const {
    header = [],
    bearer: token,
    basic: credentials,
  } = options as {
    header?: string[];
    bearer?: string;
    basic?: string;
  };
  const headers = header.map(headerOf);
  if (token !== undefined) headers.push(["Authorization", bearer(token)]);
  if (credentials !== undefined) {
    const colon = credentials.indexOf(":");
    if (colon < 1) throw new CommandError("--basic: expected `user:password`", exitCodes.usage);
    headers.push(["Authorization", basic(credentials.slice(0, colon), credentials.slice(colon + 1))]);
  }
  if (headers.filter(([name]) => name.toLowerCase() === "authorization").length > 1)
    throw new CommandError("more than one Authorization header", exitCodes.usage);
  return Object.fromEntries(headers);
}

function headerOf(text: string): [string, string] {
  const colon = text.indexOf(":");
  if (colon < 1) throw new CommandError(`${text}: expected \`Name: value\``, exitCodes.usage);
  return [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
}
