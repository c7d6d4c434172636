import { z } from "zod";
import { LanguageTag } from "./language-tag.ts";
import { registrationModes } from "./words.ts";

export const NetworkLine = z.strictObject({ action: z.enum(["allow", "deny"]), cidr: z.string().min(1).max(64) });

export const RegistrationMode = z.enum(registrationModes);
export type RegistrationMode = z.infer<typeof RegistrationMode>;

const ReplyText = z.string().trim().min(1).max(1000);

/**
 * What an admin tells applicants again and again, in the language of each; whose language is none of these gets the first.
 * `{name}` and `{host}` stand for those of whoever is told.
 */
export const ReplyTemplate = z.strictObject({
  name: z.string().trim().min(1).max(64),
  outcome: z.enum(["approve", "deny"]).describe("what it is told with"),
  texts: z
    .record(LanguageTag, ReplyText)
    .refine((texts) => Object.keys(texts).length > 0, "one text at least")
    .describe("by language, as BCP 47 tags"),
});
export type ReplyTemplate = z.infer<typeof ReplyTemplate>;
export const maxReplyTemplates = 50;

/** Who may make an account on a host, and from where. Semantics: mod_register's, with an explicit default per family. */
export const RegistrationPolicy = z.strictObject({
  /**
   * closed: nobody. invite: who has an invite. approval: whom an admin lets in, of those the lines below let through. open:
   * everybody these let through. access: and whom the access rule allows.
   */
  mode: RegistrationMode.default("closed"),
  accessRule: z
    .string()
    .min(1)
    .max(64)
    .default("register")
    .describe("Evaluated on the requested JID; used by mode `access`."),
  approvalLimit: z
    .int()
    .min(1)
    .max(10_000)
    .default(200)
    .describe("Applications that may wait at a time; used by mode `approval`."),
  approvalDays: z.int().min(1).max(365).default(14).describe("Days after which an application that waits is void."),
  templates: z.array(ReplyTemplate).max(maxReplyTemplates).default([]).describe("Replies to those who applied."),
  networks: z.array(NetworkLine).max(1000).default([]).describe("First matching line decides."),
  defaultIpv4: z.enum(["allow", "deny"]).default("allow"),
  defaultIpv6: z.enum(["allow", "deny"]).default("allow"),
  /** Seconds between two registrations from one network. */
  timeout: z.union([z.literal("infinity").describe("no limit"), z.int().min(0).max(31_536_000)]).default(600),
  ipv4Prefix: z.int().min(8).max(32).default(32),
  ipv6Prefix: z.int().min(16).max(128).default(64),
  requireTls: z.boolean().default(true).describe("Only over encrypted streams; loopback is exempt."),
  reservedNames: z
    .array(z.string().min(1).max(255))
    .max(1000)
    .default([
      "admin",
      "administrator",
      "root",
      "postmaster",
      "abuse",
      "security",
      "hostmaster",
      "webmaster",
      "noreply",
      "support",
      "info",
    ]),
  passwordMinLength: z.int().min(1).max(128).default(6),
  /** Estimated entropy in bits that a password must reach (as mod_register's password_strength); 0 switches the check off. */
  passwordStrength: z.int().min(0).max(128).default(0),
  mayCancel: z.boolean().default(true).describe("Users may delete their own account."),
  mayChangePassword: z.boolean().default(true),
  instructions: z.string().max(2000).default(""),
  welcome: z
    .strictObject({ subject: z.string().max(200), body: z.string().max(10_000) })
    .nullable()
    .default(null),
  watchers: z
    .array(z.string().min(1).max(3071))
    .max(100)
    .default([])
    .describe("JIDs that are told of each new account."),
});
export type RegistrationPolicy = z.infer<typeof RegistrationPolicy>;
