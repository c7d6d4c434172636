import { createPrivateKey, type KeyObject } from "node:crypto";

const googleTokenUri = "https://oauth2.googleapis.com/token";
const whereToGet =
  "in the Firebase console, Project settings, Service accounts, “Generate new private key” makes the right one";

/** What a service account's JSON file says. */
export interface ServiceAccount {
  readonly projectId: string;
  readonly clientEmail: string;
  /** null: the file does not say, and Google finds out. */
  readonly keyId: string | null;
  readonly key: KeyObject;
  /** Where access tokens come from. */
  readonly tokenUri: string;
}

/** The text is no service account's file that can be used. The message repeats nothing of it. */
export class ServiceAccountError extends Error {
  override readonly name = "ServiceAccountError";
  /** Where the text stops being JSON, counted from 1; null when that is not what is wrong. */
  readonly line: number | null;
  readonly column: number | null;

  constructor(message: string, line: number | null = null, column: number | null = null) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/** Reads the text of the file that Google gives out once for each key. Throws ServiceAccountError. */
export function readServiceAccount(text: string): ServiceAccount {
  const fields = fieldsOf(text);
  const type = fields.get("type");
  if (type !== "service_account") throw new ServiceAccountError(otherFile(fields, type));
  const tokenUri = fields.has("token_uri") ? needed(fields, "token_uri") : googleTokenUri;
  if (URL.parse(tokenUri) === null) throw new ServiceAccountError("token_uri is not a URL");
  const keyId = fields.get("private_key_id");
  return {
    projectId: needed(fields, "project_id"),
    clientEmail: needed(fields, "client_email"),
    keyId: typeof keyId === "string" && keyId !== "" ? keyId : null,
    key: keyOf(needed(fields, "private_key")),
    tokenUri,
  };
}

function fieldsOf(text: string): ReadonlyMap<string, unknown> {
  const trimmed = text.trim();
  if (trimmed === "") throw new ServiceAccountError(`empty: ${whereToGet}`);
  if (/^-----BEGIN [A-Z ]+-----/.test(trimmed)) {
    throw new ServiceAccountError("this is the key alone: the whole JSON file of the service account is needed");
  }
  if (/^AAAA[\w-]{7}:/.test(trimmed)) {
    throw new ServiceAccountError(`this is a legacy server key, which Google takes no more: ${whereToGet}`);
  }
  if (trimmed.startsWith("<")) {
    const isPlist = trimmed.includes("<plist");
    const name = isPlist ? "a GoogleService-Info.plist, which belongs in an iOS app" : "XML";
    throw new ServiceAccountError(`this is ${name}: ${whereToGet}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notJson(text, error);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ServiceAccountError(`this is JSON, but no object: ${whereToGet}`);
  }
  return new Map(Object.entries(value));
}

// The parser's own words quote the text, and with it perhaps the key.
function notJson(text: string, error: unknown): ServiceAccountError {
  const at = placeOf(text, error instanceof Error ? error.message : "");
  if (at === null) return new ServiceAccountError("not JSON, or cut short: the file has to be pasted as it is");
  const before = text.slice(0, at);
  const line = before.split("\n").length;
  return new ServiceAccountError("not JSON: the file has to be pasted as it is", line, at - before.lastIndexOf("\n"));
}

/** Where V8 stopped: it says so, or quotes the text from ten characters before to ten after. null: at the end. */
function placeOf(text: string, message: string): number | null {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  const [, token, before = "", quoted = "", after = ""] =
    /token '(.)', (\.\.\.)?"(.*?)"(\.\.\.)? is not valid/s.exec(message) ?? [];
  const found = text.indexOf(quoted);
  if (found < 0 || before + after === "") return null;
  const at = found + (before === "" ? quoted.length - 10 : 10);
  return text[at] === token ? at : null;
}

function otherFile(fields: ReadonlyMap<string, unknown>, type: unknown): string {
  if (fields.has("project_info") && fields.has("client")) {
    return `this is google-services.json, which belongs in the Android app: ${whereToGet}`;
  }
  if (fields.has("apiKey") || fields.has("messagingSenderId")) {
    return `this is the configuration of a web app: ${whereToGet}`;
  }
  if (fields.has("installed") || fields.has("web")) return `this is an OAuth client's secret: ${whereToGet}`;
  if (type === "authorized_user") return `these are the credentials of a person (type authorized_user): ${whereToGet}`;
  if (type === "external_account") {
    return `this is a workload identity (type external_account), which has no key: ${whereToGet}`;
  }
  return type === undefined
    ? `no service account's file, it has no “type”: ${whereToGet}`
    : `no service account's file, its “type” is another: ${whereToGet}`;
}

function needed(fields: ReadonlyMap<string, unknown>, name: string): string {
  const value = fields.get(name);
  if (value === undefined) throw new ServiceAccountError(`${name} is missing: the file is not complete`);
  if (typeof value !== "string" || value === "") throw new ServiceAccountError(`${name} is not a text`);
  return value;
}

function keyOf(pem: string): KeyObject {
  if (pem.includes(String.raw`\n`)) {
    throw new ServiceAccountError(
      String.raw`private_key has the two characters \n where lines end: the file was escaped once too often`,
    );
  }
  const label = /-----BEGIN ([A-Z ]+)-----/.exec(pem)?.[1];
  if (label === undefined) throw new ServiceAccountError("private_key is not in PEM form: its first line is missing");
  if (!pem.includes(`-----END ${label}-----`)) {
    throw new ServiceAccountError("private_key is cut short: its last line is missing");
  }
  if (label === "ENCRYPTED PRIVATE KEY") throw new ServiceAccountError("private_key is encrypted with a passphrase");
  if (label !== "PRIVATE KEY" && label !== "RSA PRIVATE KEY") {
    throw new ServiceAccountError(`private_key is a ${label.toLowerCase()}`);
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new ServiceAccountError("private_key is damaged: it is PEM, but no key can be read from it");
  }
  if (key.asymmetricKeyType !== "rsa") {
    throw new ServiceAccountError(`private_key is of type ${key.asymmetricKeyType ?? "unknown"}, Google's are RSA`);
  }
  return key;
}
