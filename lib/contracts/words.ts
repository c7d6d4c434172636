/**
 * The closed sets of words that schemas are made of and pages list. A page needs the words and not the library that checks
 * them, so nothing is imported here.
 */

export const logLevels = ["debug", "info", "warn", "error"] as const;
export const registrationModes = ["closed", "invite", "approval", "open", "access"] as const;
export const accountOrigins = ["setup", "admin", "cli", "in-band", "web", "import"] as const;
/** What a text breaks that is no user name: RFC 8264 9, RFC 8265 3.3, RFC 7622 3.3. */
export const nameRules = [
  "empty",
  "too-long",
  "reserved",
  "space",
  "symbol",
  "punctuation",
  "other",
  "compatibility",
  "control",
  "ignorable",
  "unassigned",
  "old-hangul",
  "exception",
  "context",
  "direction",
  "surrogate",
] as const;
export const subscriptions = ["none", "to", "from", "both"] as const;
export const transports = ["tcp", "tls", "starttls", "websocket", "bosh"] as const;
export const roomRoles = ["moderator", "participant", "visitor"] as const;
export const roomAffiliations = ["owner", "admin", "member", "outcast"] as const;
export const whoisChoices = ["moderators", "anyone"] as const;
export const privateMessageChoices = ["anyone", "participants", "moderators", "none"] as const;
export const absentChoices = ["all", "mentions", "none"] as const;
export const uploadStates = ["waiting", "stored", "ended"] as const;
export const deviceKinds = ["apns", "fcm", "webpush", "xep0357"] as const;

/** How long an invite that gives a role can be redeemed at most. */
export const maxRoleInviteDays = 7;

/** What a job works on. */
export const jobKinds = ["users", "sessions", "rooms", "offline", "forward"] as const;

/** How a test is signed: a receiver has to refuse all but the first. */
export const testSignatures = ["valid", "none", "tampered", "old"] as const;

export const forwardStates = [
  "queued",
  "sending",
  "retrying",
  "held",
  "delivered",
  "dead",
  "expired",
  "cancelled",
] as const;
export const messageClasses = ["chat", "normal", "groupchat", "mention", "call", "subscription"] as const;
export const cancelMoments = ["never", "online", "read"] as const;
export const encryptions = ["any", "only", "never"] as const;
export const messageHints = ["store", "no-copy", "no-permanent-store"] as const;
export const linkDirections = ["in", "out"] as const;
export const linkStates = ["idle", "connecting", "negotiating", "unproved", "open", "waiting"] as const;
export const stanzaKinds = ["message", "presence", "iq"] as const;
export const auditResults = ["done", "refused", "failed"] as const;
