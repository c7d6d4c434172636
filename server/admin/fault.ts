import { ORPCError } from "@orpc/server";
import { AccountError } from "../core/accounts.ts";
import { QueueFullError } from "../core/derivation-queue.ts";
import { PolicyError } from "../core/policy/errors.ts";
import { BackupError } from "../operations/backups/manifest.ts";
import { CertificateRefused } from "../operations/certificates/keeper.ts";
import { OrderError } from "../operations/certificates/order.ts";
import { OrderRefused } from "../operations/certificates/orders.ts";
import { StoreError } from "../storage/errors.ts";
import { JidError } from "../xmpp/jid.ts";
import { fromBackup } from "./backups.ts";
import { AdminError, badInput, pathText, type AdminErrorCode } from "./errors.ts";

const policyCodes = {
  invalid: "policy-invalid",
  conflict: "conflict",
  "locks-out": "locks-out-admin",
} as const satisfies Record<PolicyError["code"], AdminErrorCode>;

/** What the caller is told about anything that a verb may throw; whatever is not expected is `internal`. */
export function toAdminError(error: unknown): AdminError {
  if (error instanceof AdminError) return error;
  if (error instanceof PolicyError)
    return new AdminError(policyCodes[error.code], error.message, { issues: error.issues }, error);
  if (error instanceof AccountError) return fromAccount(error);
  if (error instanceof JidError) return new AdminError("bad-input", `This is not an address: ${error.message}.`);
  if (error instanceof StoreError) return fromStore(error);
  if (error instanceof QueueFullError) return new AdminError("unavailable", undefined, {}, error);
  if (error instanceof BackupError) return fromBackup(error);
  if (error instanceof CertificateRefused) return fromCertificate(error);
  if (error instanceof Error && error.name === "CertificateError") return badInput("chain", error.message);
  if (error instanceof OrderRefused || error instanceof OrderError) return new AdminError("conflict", error.message);
  if (error instanceof ORPCError) return fromValidation(error);
  return new AdminError("internal", undefined, {}, error);
}

const accountFields = { "bad-name": "local", "bad-password": "password" } as const;

function fromAccount({ code, message }: AccountError): AdminError {
  return code === "no-such-host" ? new AdminError("not-found", message) : badInput(accountFields[code], message);
}

function fromCertificate({ code, message }: CertificateRefused): AdminError {
  if (code === "no-key") return badInput("key", message);
  return code === "not-covered" || code === "expired"
    ? badInput("chain", message)
    : new AdminError("conflict", message);
}

function fromStore(error: StoreError): AdminError {
  if (error.code === "cursor") return badInput("cursor", "is not a cursor of this list");
  if (error.code === "internal") return new AdminError("internal", undefined, {}, error);
  return new AdminError("unavailable", undefined, {}, error);
}

interface Issue {
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
  readonly message: string;
}

function fromValidation(error: ORPCError<string, unknown>): AdminError {
  if (error.code !== "BAD_REQUEST") return new AdminError("internal", undefined, {}, error);
  const errors = issuesOf(error.data).map(({ path = [], message }) => ({
    path: pathText(path.map((step) => (typeof step === "object" ? step.key : step))),
    message,
  }));
  const [first] = errors;
  const detail = first === undefined ? "The request body is not valid JSON." : `${first.path}: ${first.message}`;
  return new AdminError("bad-input", detail, { errors });
}

function issuesOf(data: unknown): readonly Issue[] {
  if (typeof data !== "object" || data === null || !("issues" in data) || !Array.isArray(data.issues)) return [];
  return data.issues;
}
