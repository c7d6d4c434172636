import { ORPCError } from "@orpc/server";
import type { z } from "zod";
import type { RefusalCode } from "../../lib/contracts/refusals.ts";
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
import { AdminError, type AdminErrorCode, badInput, badInputAs, invalidInput, refused } from "./errors.ts";

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
  if (error instanceof JidError) return refused("bad-input", "malformed-address", { reason: error.message });
  if (error instanceof StoreError) return fromStore(error);
  if (error instanceof QueueFullError) return new AdminError("unavailable", undefined, {}, error);
  if (error instanceof BackupError) return fromBackup(error);
  if (error instanceof CertificateRefused) return fromCertificate(error);
  if (error instanceof Error && error.name === "CertificateError")
    return badInputAs("chain", error.message, "certificate-unusable");
  if (error instanceof OrderRefused)
    return new AdminError("conflict", error.message, { reason: orderReasons[error.code] });
  if (error instanceof OrderError) return new AdminError("conflict", error.message, { reason: "authority-silent" });
  if (error instanceof ORPCError) return fromValidation(error);
  return new AdminError("internal", undefined, {}, error);
}

const orderReasons = {
  "not-agreed": "terms-not-agreed",
  running: "order-under-way",
} as const satisfies Record<OrderRefused["code"], RefusalCode>;

function fromAccount({ code, message }: AccountError): AdminError {
  switch (code) {
    case "no-such-host":
      return new AdminError("not-found", message, { reason: "host-not-here" });
    case "bad-name":
      return badInputAs("local", message, "no-account-address");
    default:
      return badInputAs("password", message, "password-unusable");
  }
}

function fromCertificate({ code, message }: CertificateRefused): AdminError {
  switch (code) {
    case "no-key":
      return badInputAs("key", message, "certificate-key-missing");
    case "not-covered":
      return badInputAs("chain", message, "certificate-not-covering");
    case "expired":
      return badInputAs("chain", message, "certificate-expired");
    case "file":
      return new AdminError("conflict", message, { reason: "certificate-in-file" });
    default:
      return new AdminError("conflict", message, { reason: "no-earlier-certificate" });
  }
}

function fromStore(error: StoreError): AdminError {
  if (error.code === "cursor") return badInput("cursor", "no-cursor");
  if (error.code === "internal") return new AdminError("internal", undefined, {}, error);
  return new AdminError("unavailable", undefined, {}, error);
}

function fromValidation(error: ORPCError<string, unknown>): AdminError {
  if (error.code !== "BAD_REQUEST") return new AdminError("internal", undefined, {}, error);
  const issues = issuesOf(error.data);
  return issues.length === 0 ? refused("bad-input", "body-not-json") : invalidInput(issues);
}

/** Every schema of the contract is zod's. */
function issuesOf(data: unknown): readonly z.core.$ZodIssue[] {
  if (typeof data !== "object" || data === null || !("issues" in data) || !Array.isArray(data.issues)) return [];
  return data.issues;
}
