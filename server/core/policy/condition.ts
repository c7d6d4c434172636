import { formatCondition } from "../../../lib/contracts/policy-text.ts";
import type { Condition } from "../../../lib/contracts/policy.ts";
import { Jid } from "../../xmpp/jid.ts";
import { Network, parseAddress } from "../network.ts";
import { compileGlob, compileRegexp, type Pattern } from "./pattern.ts";

/** Who asks: parts that are not known match no condition about them. */
export interface Subject {
  readonly jid: Jid | null;
  readonly ip: string | null;
  /** The virtual host the question is asked on; the global rules answer for a name that is not one. */
  readonly host: string;
}

/** What a condition about the JID is worth before there is one: it may still come out either way. */
export type Outlook = boolean | "unknown";

export interface CompiledCondition {
  readonly text: string;
  matches(subject: Subject): boolean;
  /** Like `matches`, for a subject whose JID is not known yet. */
  outlook(subject: Subject): Outlook;
  /** What was compared, for people. */
  detail(subject: Subject): string;
}

/** What conditions need to know of the document around them. */
export interface Scope {
  isHosted(domain: string): boolean;
  /** The conditions of an ACL, joined by OR; undefined: there is none of this name. */
  acl(name: string): readonly CompiledCondition[] | undefined;
}

/** A condition that cannot be compiled; it matches nothing. */
export class ConditionError extends Error {
  override readonly name = "ConditionError";
  readonly code: "bad-pattern" | "bad-cidr" | "unknown-name";

  constructor(code: ConditionError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

type JidTest = (jid: Jid) => boolean;

function aboutJid(text: string, test: JidTest): CompiledCondition {
  return {
    text,
    matches: ({ jid }) => jid !== null && test(jid),
    outlook: ({ jid }) => (jid === null ? "unknown" : test(jid)),
    detail: ({ jid }) => (jid === null ? "no JID" : `JID ${jid.full}`),
  };
}

function constant(text: string, value: boolean): CompiledCondition {
  return { text, matches: () => value, outlook: () => value, detail: () => (value ? "always" : "never") };
}

function aboutAddress(text: string, blocks: readonly string[]): CompiledCondition {
  const networks = blocks.map((block) => {
    const network = Network.parse(block.trim());
    if (network === null) throw new ConditionError("bad-cidr", `${block} is not an address or a block of addresses`);
    return network;
  });
  const matches = ({ ip }: Subject): boolean => {
    const address = ip === null ? null : parseAddress(ip);
    if (address === null) return false;
    for (const network of networks) if (network.has(address)) return true;
    return false;
  };
  return {
    text,
    matches,
    outlook: matches,
    detail: ({ ip }) => (ip === null ? "no address" : `address ${ip}`),
  };
}

function aboutAcl(text: string, name: string, scope: Scope): CompiledCondition {
  if (name === "all" || name === "none") return constant(text, name === "all");
  const conditions = scope.acl(name);
  if (conditions === undefined) throw new ConditionError("unknown-name", `there is no ACL ${name}`);
  return {
    text,
    matches(subject) {
      for (const condition of conditions) if (condition.matches(subject)) return true;
      return false;
    },
    outlook(subject) {
      let sum: Outlook = false;
      for (const condition of conditions) {
        const outlook = condition.outlook(subject);
        if (outlook === true) return true;
        if (outlook === "unknown") sum = outlook;
      }
      return sum;
    },
    detail(subject) {
      const match = conditions.find((condition) => condition.matches(subject));
      if (match !== undefined) return `by ${match.text} (${match.detail(subject)})`;
      return conditions.length === 0 ? "the ACL is empty" : `none of the ${conditions.length} conditions of the ACL`;
    },
  };
}

/** Runs one of the preparations of RFC 7622, whose errors become those of the condition. */
function prepared(prepare: () => string, value: string): string {
  try {
    return prepare();
  } catch {
    throw new ConditionError("bad-pattern", `${JSON.stringify(value)} can be no part of a JID`);
  }
}
const prepareDomain = (value: string): string => prepared(() => Jid.of("", value).domain, value);

function pattern(compile: (text: string) => Pattern, text: string): Pattern {
  try {
    return compile(text);
  } catch (error) {
    throw new ConditionError("bad-pattern", error instanceof Error ? error.message : String(error));
  }
}

/** `x` is x on any host served here; `x@server` is x on exactly that server. */
function onServer(text: string, value: string, scope: Scope, local: (part: string) => Pattern): CompiledCondition {
  const [user, server, ...rest] = value.split("@");
  if (rest.length > 0) throw new ConditionError("bad-pattern", `${value} has more than one @`);
  const test = local(user!);
  if (server === undefined) return aboutJid(text, (jid) => test(jid.local) && scope.isHosted(jid.domain));
  const domain = prepareDomain(server);
  return aboutJid(text, (jid) => jid.domain === domain && test(jid.local));
}

function exactUser(value: string): Pattern {
  const local = prepared(() => Jid.of(value, "localhost").local, value);
  if (local === "") throw new ConditionError("bad-pattern", "the user name is empty");
  return (text) => text === local;
}

/** Compiles one condition with the meaning ejabberd gives it (acl.erl). Throws ConditionError. */
export function compileCondition(condition: Condition, scope: Scope): CompiledCondition {
  const text = formatCondition(condition);
  if (typeof condition === "string") return constant(text, condition === "all");
  if ("acl" in condition) return aboutAcl(text, condition.acl, scope);
  if ("ip" in condition) return aboutAddress(text, typeof condition.ip === "string" ? [condition.ip] : condition.ip);
  if ("user" in condition) return onServer(text, condition.user, scope, exactUser);
  if ("user_regexp" in condition)
    return onServer(text, condition.user_regexp, scope, (part) => pattern(compileRegexp, part));
  if ("user_glob" in condition) return onServer(text, condition.user_glob, scope, (part) => pattern(compileGlob, part));
  if ("server" in condition) {
    const domain = prepareDomain(condition.server);
    return aboutJid(text, (jid) => jid.domain === domain);
  }
  if ("resource" in condition) {
    const resource = prepared(() => Jid.of("", "localhost", condition.resource).resource, condition.resource);
    return aboutJid(text, (jid) => jid.resource === resource);
  }
  if ("server_regexp" in condition) return onPart(text, "domain", pattern(compileRegexp, condition.server_regexp));
  if ("server_glob" in condition) return onPart(text, "domain", pattern(compileGlob, condition.server_glob));
  if ("resource_regexp" in condition)
    return onPart(text, "resource", pattern(compileRegexp, condition.resource_regexp));
  if ("resource_glob" in condition) return onPart(text, "resource", pattern(compileGlob, condition.resource_glob));
  if ("node_regexp" in condition) return onNode(text, compileRegexp, condition.node_regexp);
  return onNode(text, compileGlob, condition.node_glob);
}

function onPart(text: string, part: "domain" | "resource", test: Pattern): CompiledCondition {
  return aboutJid(text, (jid) => test(jid[part]));
}

function onNode(
  text: string,
  compile: (text: string) => Pattern,
  value: { readonly user: string; readonly server: string },
): CompiledCondition {
  const user = pattern(compile, value.user);
  const server = pattern(compile, value.server);
  return aboutJid(text, (jid) => user(jid.local) && server(jid.domain));
}
