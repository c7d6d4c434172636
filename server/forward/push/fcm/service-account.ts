import { createPrivateKey, type KeyObject } from "node:crypto";
import { remark, type Remark, remarkText } from "../../../../lib/contracts/remarks.ts";

const googleTokenUri = "https://oauth2.googleapis.com/token";

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
  readonly said: Remark;
  /** Where the text stops being JSON, counted from 1; null when that is not what is wrong. */
  readonly line: number | null;
  readonly column: number | null;

  constructor(said: Remark, line: number | null = null, column: number | null = null) {
    super(remarkText(said));
    this.said = said;
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
  if (URL.parse(tokenUri) === null) throw new ServiceAccountError(remark("account-token-uri"));
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
  if (trimmed === "") throw new ServiceAccountError(remark("account-empty"));
  if (/^-----BEGIN [A-Z ]+-----/.test(trimmed)) throw new ServiceAccountError(remark("account-key-alone"));
  if (/^AAAA[\w-]{7}:/.test(trimmed)) throw new ServiceAccountError(remark("account-legacy-key"));
  if (trimmed.startsWith("<")) {
    throw new ServiceAccountError(remark(trimmed.includes("<plist") ? "account-plist" : "account-xml"));
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notJson(text, error);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ServiceAccountError(remark("account-no-object"));
  }
  return new Map(Object.entries(value));
}

// The parser's own words quote the text, and with it perhaps the key.
function notJson(text: string, error: unknown): ServiceAccountError {
  const at = placeOf(text, error instanceof Error ? error.message : "");
  if (at === null) return new ServiceAccountError(remark("account-cut"));
  const before = text.slice(0, at);
  const line = before.split("\n").length;
  return new ServiceAccountError(remark("account-no-json"), line, at - before.lastIndexOf("\n"));
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

function otherFile(fields: ReadonlyMap<string, unknown>, type: unknown): Remark {
  if (fields.has("project_info") && fields.has("client")) return remark("account-google-services");
  if (fields.has("apiKey") || fields.has("messagingSenderId")) return remark("account-web-app");
  if (fields.has("installed") || fields.has("web")) return remark("account-oauth-client");
  if (type === "authorized_user") return remark("account-person");
  if (type === "external_account") return remark("account-external");
  return remark(type === undefined ? "account-no-type" : "account-other-type");
}

function needed(fields: ReadonlyMap<string, unknown>, name: string): string {
  const value = fields.get(name);
  if (value === undefined) throw new ServiceAccountError(remark("account-member-missing", { name }));
  if (typeof value !== "string" || value === "")
    throw new ServiceAccountError(remark("account-member-no-text", { name }));
  return value;
}

function keyOf(pem: string): KeyObject {
  if (pem.includes(String.raw`\n`)) throw new ServiceAccountError(remark("account-key-escaped"));
  const label = /-----BEGIN ([A-Z ]+)-----/.exec(pem)?.[1];
  if (label === undefined) throw new ServiceAccountError(remark("account-key-no-pem"));
  if (!pem.includes(`-----END ${label}-----`)) throw new ServiceAccountError(remark("account-key-cut"));
  if (label === "ENCRYPTED PRIVATE KEY") throw new ServiceAccountError(remark("account-key-encrypted"));
  if (label !== "PRIVATE KEY" && label !== "RSA PRIVATE KEY") {
    throw new ServiceAccountError(remark("account-key-label", { label: label.toLowerCase() }));
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new ServiceAccountError(remark("account-key-damaged"));
  }
  if (key.asymmetricKeyType !== "rsa") {
    throw new ServiceAccountError(remark("account-key-type", { type: key.asymmetricKeyType ?? "unknown" }));
  }
  return key;
}
