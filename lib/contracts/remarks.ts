import { fillWords } from "./fill-words.ts";

const appleFile = "Apple gives the key as AuthKey_….p8";
const googleFile =
  "in the Firebase console, Project settings, Service accounts, “Generate new private key” makes the right one";

/**
 * What the server remarks on what people wrote — a policy, an expression, a template, a target, a key file — by code, in
 * English; words in braces are values. `reason` and `detail` are sentences themselves. Whoever reports a remark gives its
 * sentence, and its code and values as `reason` and `values`, so that others can tell it in their language.
 */
export const remarks = {
  // Names of a policy.
  "no-such-acl": "There is no ACL {name}.",
  "no-such-access-rule": "There is no access rule {name}.",
  "no-such-shaper": "There is no shaper {name}.",
  "no-such-host": "There is no host {name}.",
  "no-such-role": "There is no role {name}.",
  "no-such-target": "There is no forward target {name}.",
  "no-such-module": "There is no module {name}.",
  "name-built-in": "{name} is built in and cannot be defined.",
  "acl-of-itself": "The ACL {name} leads back to itself.",
  "acl-unused": "Nothing refers to the ACL {name}.",
  "access-rule-unused": "Nothing refers to the access rule {name}.",
  "shaper-unused": "Nothing refers to the shaper {name}.",
  "host-name-wrong": "{name} is not a host name.",
  "host-name-form": "{name} is to be written {domain}.",
  "test-host-unknown": "{host} is not served here.",

  // Values and lines of a policy.
  "jid-wrong": "{text} is not a JID.",
  "address-wrong": "{text} is not an IP address.",
  "network-wrong": "{text} is not an address or a block of addresses.",
  "condition-wrong": "{condition}: {reason}.",
  "pattern-unanchored": "{pattern} matches anywhere in the text; use ^ and $ to match the whole of it.",
  "line-for-nobody": "The condition none never matches, so this line decides nothing.",
  "condition-for-everybody": "Everybody matches this, so beside other conditions it says nothing.",
  "acl-for-everybody": "Everybody matches this, so the other conditions of the ACL say nothing.",
  "line-never-reached": "Never reached: line {line} matches everything that this one does.",
  "line-never-reached-inherited": "Never reached: inherited line {line} matches everything that this one does.",
  "condition-covered": "Condition {condition} matches everybody that this one does.",
  "network-covered": "Never reached: {wider} before it has all of {network}.",
  "ipv6-still-matches": "Every IPv4 address is denied; over IPv6 this line does not match, and a later one allows.",
  "ipv6-still-let-in": "deny 0.0.0.0/0 stops IPv4 only; IPv6 addresses are let in by the default.",
  "template-name-twice": "Two templates are called {name}.",
  "role-for-everybody": "With this rule every account would have the role.",
  "role-rule-missing": "There is no access rule {name} yet.",
  "rule-gives-roles": "Every account would have the console's roles that this rule gives.",
  "author-loses-console": "{jid} would lose the access rule {rule}, and with it the console.",
  "author-loses-way-back": "{jid} would lose the permission policy:write, and with it the way back.",
  "author-address-shut-out": "{jid} is at {address}, from where nobody could log in any more.",
  "nobody-allowed": "Nobody would be allowed by the access rule {rule} any more.",
  "test-would-allow": "The test {name} fails: {jid} would be allowed ({detail}).",
  "test-would-deny": "The test {name} fails: {jid} would be denied ({detail}).",

  // How an access rule came to its answer, where none of its lines did.
  "rule-built-in": "{rule} is built in",
  "rule-missing": "there is no access rule {rule}: deny",
  "no-line-matches": "{rule}: no line matches: deny",

  // Rules and targets of the forward.
  "forward-rule-twice": "Two forward rules are called {name}.",
  "forward-rule-host": "There is no host {host}, so the rule forwards nothing for it.",
  "forward-rule-idle": "The forward rule {name} names no target and does nothing.",
  "forward-rule-who": "{who} is no bare JID, domain, *@domain or acl:name.",
  "target-unused": "No forward rule sends anything to {name}.",
  "header-reserved": "{header} is set by the server.",
  "header-of-server": "it is set by the server",

  // Expressions and templates. `detail` is what the library says that reads them.
  "expression-wrong": "{detail}",
  "expression-type": "It is of the type {type}, not true or false.",
  "expression-map": "Maps are not available here.",
  "function-missing": "{name}() is not available here.",
  "function-nested": "{name}() cannot be used inside another one like it.",
  "matches-apart": "Write matches() right behind what it asks.",
  "matches-unquoted": "matches() takes a regular expression in quotes.",
  "matches-type": "matches() asks a text; this is of the type {type}.",
  "regexp-wrong": "The regular expression cannot be read: {detail}.",
  "regexp-too-large": "The regular expression is too large.",
  "template-wrong": "{detail}",
  "template-empty": "The template is empty.",
  "template-variable": "There is no variable {name}.",
  "template-not-json":
    "What it makes of a message is not JSON: {detail}; write values as {example}, without quotes around them.",
  "template-too-long": "It makes more than {most} characters.",
  "template-unread-twice": "unread can be written once only.",

  // Addresses that requests may not go to.
  "url-wrong": "not a URL",
  "url-scheme": "{scheme} is neither http: nor https:",
  "url-credentials": "user name and password do not belong in the URL: use a header",
  "url-no-host": "the URL names no host",
  "url-port": "port {port} belongs to another protocol",
  "url-plain": "http: would show the credentials on the way",
  "url-with-path": "give only the server's address: APNs fixes the path",
  "reach-unknown": "{address} is not an IP address",
  "reach-none": "{address} is no address to send to ({range})",
  "reach-private": "{address} is not public ({range}) and the target does not allow private addresses",

  // The key of APNs.
  "p8-missing": `there is no key: ${appleFile}`,
  "p8-certificate": `this is a certificate, not a key: ${appleFile}, under Keys`,
  "p8-signing-request": `this is a certificate signing request, not a key: ${appleFile}, under Keys`,
  "p8-public": "this is a public key: the private one is needed",
  "p8-rsa": `this is an RSA key, as it comes with a push certificate: ${appleFile}`,
  "p8-dsa": `this is a DSA key: ${appleFile}`,
  "p8-encrypted": "this key is encrypted with a password: save it without one",
  "p8-ssh": `this is an SSH key: ${appleFile}`,
  "p8-other-file": `this is a file of {label}: ${appleFile}`,
  "p8-cut-off": "the key is cut off: its last line, -----END PRIVATE KEY-----, is missing",
  "p8-no-base64": "the lines between BEGIN and END are not base64: something was added or lost",
  "p8-damaged": "the key is damaged: lines are missing between BEGIN and END",
  "p8-other-kind": "this is a key of another kind ({kind}): APNs signs with an EC key, P-256",
  "p8-other-curve": "the key is on the curve {curve}: APNs needs P-256",
  "p8-no-begin": "the first line, -----BEGIN PRIVATE KEY-----, is missing",
  "p8-json": `this is JSON, perhaps a Firebase service account: ${appleFile}`,
  "p8-p12": `this is a .p12 file with a push certificate: ${appleFile}`,
  "p8-no-lines": "the lines -----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY----- are missing",
  "p8-binary": `this is a binary file, perhaps a .p12 or .cer: ${appleFile}`,
  "p8-no-key": `this is not a key: ${appleFile}, a text that begins with -----BEGIN PRIVATE KEY-----`,
  "apns-team-is-key": "this is the key's id: the team's is on Apple's Membership page",
  "apns-topic-voip": "leave out .voip: it is added for calls",

  // The service account of FCM.
  "account-empty": `empty: ${googleFile}`,
  "account-key-alone": "this is the key alone: the whole JSON file of the service account is needed",
  "account-legacy-key": `this is a legacy server key, which Google takes no more: ${googleFile}`,
  "account-plist": `this is a GoogleService-Info.plist, which belongs in an iOS app: ${googleFile}`,
  "account-xml": `this is XML: ${googleFile}`,
  "account-no-object": `this is JSON, but no object: ${googleFile}`,
  "account-cut": "not JSON, or cut short: the file has to be pasted as it is",
  "account-no-json": "not JSON: the file has to be pasted as it is",
  "account-google-services": `this is google-services.json, which belongs in the Android app: ${googleFile}`,
  "account-web-app": `this is the configuration of a web app: ${googleFile}`,
  "account-oauth-client": `this is an OAuth client's secret: ${googleFile}`,
  "account-person": `these are the credentials of a person (type authorized_user): ${googleFile}`,
  "account-external": `this is a workload identity (type external_account), which has no key: ${googleFile}`,
  "account-no-type": `no service account's file, it has no “type”: ${googleFile}`,
  "account-other-type": `no service account's file, its “type” is another: ${googleFile}`,
  "account-member-missing": "{name} is missing: the file is not complete",
  "account-member-no-text": "{name} is not a text",
  "account-token-uri": "token_uri is not a URL",
  "account-token-uri-refused": "token_uri: {reason}",
  "account-key-escaped": String.raw`private_key has the two characters \n where lines end: the file was escaped once too often`,
  "account-key-no-pem": "private_key is not in PEM form: its first line is missing",
  "account-key-cut": "private_key is cut short: its last line is missing",
  "account-key-encrypted": "private_key is encrypted with a passphrase",
  "account-key-label": "private_key is a {label}",
  "account-key-damaged": "private_key is damaged: it is PEM, but no key can be read from it",
  "account-key-type": "private_key is of type {type}, Google's are RSA",

  // The key and the contact of Web Push.
  "vapid-pem": "this is PEM: a VAPID key is base64url of 32 bytes, 43 characters",
  "vapid-json": "this is JSON: of a JWK take what follows “d”",
  "vapid-base64": "this is base64: a VAPID key is base64url, with - and _ instead of + and /",
  "vapid-public": "this is the public key: the private one has 43 characters",
  "vapid-blanks": "blanks or line ends before or after the key",
  "vapid-form": "a private VAPID key is base64url of 32 bytes",
  "vapid-number": "the number is no private key of the curve P-256",
  "contact-form": "mailto:… or https://… is needed",
  "contact-nobodys": "{host} does not exist for others: Apple refuses every push with such a contact (BadJwtToken)",
  "contact-address": "an address is no contact: a name is needed",
  "service-not-name-alone": "{service}: only the host name is needed",
  "service-no-name": "{service} is no host name",
  "service-too-wide": "{service} would allow half of the Internet",

  // What the server did to the policy, as the comment of a revision.
  "revision-defaults": "Defaults",
  "revision-first-hosts": "Hosts of the first start",
  "revision-set-up": "Set-up",
  "revision-rollback": "back to revision {id}",
  "revision-host-added": "host {name} added",
  "revision-host-enabled": "host {name} enabled",
  "revision-host-disabled": "host {name} disabled",
  "revision-host-removed": "host {name} removed",
  "revision-host-drained": "host {name} is drained",
  "revision-host-drained-no-more": "host {name} is drained no more",
  "revision-host-drained-off": "host {name} disabled, drained",
  "revision-setting-default": "{what} of {host} as the default",
  "revision-admin-added": "{jid} becomes an admin",
  "revision-admin-removed": "{jid} is no admin any more",
  "revision-account-removed": "{jid} was removed",
  "revision-role-granted": "{jid} gets the role {role}",
  "revision-role-granted-on": "{jid} gets the role {role} on {host}",
  "revision-role-revoked": "{jid} loses the role {role}",
  "revision-target-removed": "target {name} removed",
  "revision-target-drained": "target {name} is drained",
  "revision-target-back": "target {name} gets events again",
  "revision-target-held": "target {name} held",
  "revision-target-released": "target {name} released",
  "revision-target-gone": "{name} answered 410 Gone: held",
} as const;

export type RemarkCode = keyof typeof remarks;

/** A remark that somebody gets: its code, and what belongs into its sentence. */
export interface Remark {
  readonly reason: RemarkCode;
  readonly values: Readonly<Record<string, string | number>>;
}

type PlacesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlacesIn<Rest>
  : never;
type ValuesOf<Code extends RemarkCode> = Readonly<Record<PlacesIn<(typeof remarks)[Code]>, string | number>>;

/** Values may be left out where a sentence has no places for any. */
export function remark<Code extends RemarkCode>(
  reason: Code,
  ...[values]: keyof ValuesOf<Code> extends never ? [] : [values: ValuesOf<Code>]
): Remark {
  return { reason, values: values ?? {} };
}

export function isRemarkCode(text: string): text is RemarkCode {
  return Object.hasOwn(remarks, text);
}

/** The same in English. */
export function remarkText({ reason, values }: Remark): string {
  return fillWords(remarks[reason], values);
}
