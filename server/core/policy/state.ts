import { z } from "zod";
import { documentPath } from "../../../lib/contracts/policy-path.ts";
import { upgradePolicy } from "../../../lib/contracts/policy-upgrade.ts";
import { Policy, type PolicyChange, type PolicyIssue, type Verdict } from "../../../lib/contracts/policy.ts";
import type { RegistrationPolicy } from "../../../lib/contracts/registration-policy.ts";
import { remark, type Remark, remarkText } from "../../../lib/contracts/remarks.ts";
import { valueFault, valueFaultText } from "../../../lib/contracts/value-faults.ts";
import type { NewAccount, NewAuditRow, RevisionRow, Stores } from "../../storage/ports.ts";
import type { Jid } from "../../xmpp/jid.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Subject } from "./condition.ts";
import { defaultPolicy } from "./default.ts";
import { diff } from "./diff.ts";
import { type AclVerdict, Engine, own } from "./engine.ts";
import { PolicyError } from "./errors.ts";
import { issueOf } from "./issues.ts";
import { lint, type OptionCheck, type SectionCheck } from "./lint.ts";
import { hasAdmin, isAdmin, isLoginAddress, lockout, rolesSomewhere } from "./lockout.ts";
import { runTests, type TestRun, testIssues } from "./policy-tests.ts";
import { type Compiled, configureRule, type RoleGrant, rolesOf } from "./roles.ts";

export type { Subject } from "./condition.ts";

/** Who changes the policy, and what goes into the store in the same transaction. */
export interface PolicyAuthor {
  readonly author: string;
  /** What somebody wrote, or what the server says that it did. */
  readonly comment: string | Remark;
  readonly audit: NewAuditRow | null;
  /** Refused with `conflict` unless this is the revision in force. */
  readonly base?: number;
  /** Applies a change that locks people out. Errors are never forced. */
  readonly force?: boolean;
  readonly rollbackOf?: number;
  /** The first account, at set-up. */
  readonly account?: NewAccount;
}
export interface PolicyOutcome {
  readonly revision: RevisionRow;
  readonly changes: PolicyChange[];
  readonly issues: PolicyIssue[];
}
export interface PolicyCheck {
  readonly policy: Policy | null;
  readonly issues: PolicyIssue[];
  readonly changes: PolicyChange[];
}
export type PolicyListener = (now: Policy, before: Policy, by: string) => void;

const maxTries = 5;

/** The policy in force: the newest revision in the store, compiled. Changes are applied one after the other. */
export class PolicyState {
  readonly #stores: Stores;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #listeners = new Set<PolicyListener>();
  #compiled: Compiled;
  #revision: RevisionRow;
  #checkOptions: OptionCheck | null = null;
  readonly #checkSections = new Set<SectionCheck>();
  #askedRules: ReadonlySet<string> = new Set();
  #pending: Promise<unknown> = Promise.resolve();

  private constructor(stores: Stores, clock: Clock, log: Log, document: Policy, revision: RevisionRow) {
    this.#stores = stores;
    this.#clock = clock;
    this.#log = log.for("policy");
    this.#compiled = compiled(document);
    this.#revision = revision;
  }

  /** Reads the newest revision; an empty store gets the default document as revision 1. Throws PolicyError `invalid`. */
  static async open(stores: Stores, clock: Clock, log: Log): Promise<PolicyState> {
    const stored = await stores.policies.current();
    if (stored !== null) return new PolicyState(stores, clock, log, read(stored.document), stored.revision);
    const document = defaultPolicy();
    const revision = await stores.policies.commit({
      base: 0,
      at: clock.now(),
      author: "nightpost",
      ...commentOf(remark("revision-defaults")),
      rollbackOf: null,
      document: JSON.stringify(document),
      audit: null,
    });
    if (revision === null) return PolicyState.open(stores, clock, log);
    return new PolicyState(stores, clock, log, document, revision);
  }

  /** Not to be changed: go through {@link change}. */
  get document(): Policy {
    return this.#compiled.document;
  }

  get revision(): RevisionRow {
    return this.#revision;
  }

  allows(rule: string, subject: Subject): boolean {
    return this.#compiled.engine.allows(rule, subject);
  }

  /** Could the rule allow somebody from this address, whoever it turns out to be? */
  mayAllow(rule: string, subject: Subject): boolean {
    return this.#compiled.engine.mayAllow(rule, subject);
  }

  explain(rule: string, subject: Subject, draft?: Policy): Verdict {
    return (draft === undefined ? this.#compiled.engine : new Engine(draft)).explain(rule, subject);
  }

  matchesAcl(name: string, subject: Subject): boolean {
    return this.#compiled.engine.matchesAcl(name, subject);
  }

  explainAcl(name: string, subject: Subject): AclVerdict {
    return this.#compiled.engine.explainAcl(name, subject);
  }

  /** A limit in the unit of its shaper rule; `otherwise` where that says nothing, Infinity if it is left out. */
  limit(shaperRule: string, subject: Subject, otherwise?: number): number {
    return this.#compiled.engine.limit(shaperRule, subject, otherwise);
  }

  /** Bytes per second and burst in bytes; null: unlimited. */
  shaper(shaperRule: string, subject: Subject): { readonly rate: number; readonly burst: number } | null {
    return this.#compiled.engine.shaper(shaperRule, subject);
  }

  /** The account's roles in the console, each with its permissions and hosts. Empty: it may not use it. */
  roles(jid: Jid, ip: string | null): RoleGrant[] {
    return rolesOf(this.#compiled, jid, ip);
  }

  /** The same for whoever has this account, from any address. */
  rolesSomewhere(jid: Jid): RoleGrant[] {
    return rolesSomewhere(this.#compiled, jid);
  }

  /** May somebody log in to the console from this address? */
  isLoginAddress(address: string): boolean {
    return isLoginAddress(this.document, address);
  }

  /** Has this account a role in the console? */
  isAdmin(jid: Jid, ip: string | null): boolean {
    return isAdmin(this.#compiled, jid, ip);
  }

  /** The same for any address: a name that nobody may take for themselves. */
  isAdminSomewhere(jid: Jid): boolean {
    return rolesSomewhere(this.#compiled, jid).length > 0;
  }

  /** Could anybody use the console? */
  hasAdmin(): boolean {
    return hasAdmin(this.#compiled);
  }

  registration(host: string): RegistrationPolicy {
    return own(this.document.hosts, host)?.registration ?? this.document.registration;
  }

  /** Modules' options are checked by whoever knows the modules. */
  setOptionCheck(check: OptionCheck): void {
    this.#checkOptions = check;
  }

  /** A section that is nobody's but one part's is checked by that part. */
  addCheck(check: SectionCheck): void {
    this.#checkSections.add(check);
  }

  /** Access rules that modules ask by a name of their own are in use, whatever the document says. */
  setAskedRules(names: ReadonlySet<string>): void {
    this.#askedRules = names;
  }

  onChange(listener: PolicyListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * What is wrong with a document and how it differs from the one in force. `policy` is null when it has not even the shape.
   * `by`: who would apply it, and from which address; then a change that locks out is an error, too.
   */
  check(
    document: unknown,
    by: (Pick<PolicyAuthor, "author"> & { readonly address: string }) | null = null,
  ): PolicyCheck {
    const { next, issues, changes } = this.#examine(document);
    if (next === null) return { policy: null, issues, changes };
    const reason = by === null ? null : lockout(this.#compiled, next, by.author, by.address);
    if (reason !== null) issues.push(lockoutIssue(reason, "error"));
    return { policy: next.document, issues, changes };
  }

  #examine(document: unknown): Omit<PolicyCheck, "policy"> & { readonly next: Compiled | null } {
    const parsed = Policy.safeParse(upgradePolicy(document));
    if (!parsed.success) return { next: null, issues: shapeIssues(parsed.error), changes: [] };
    const next = compiled(parsed.data);
    const issues = [...this.#lint(next.document), ...testIssues(next, this.#compiled)];
    return { next, issues, changes: diff(this.document, next.document) };
  }

  /** The document in force and what it means. */
  get compiled(): Compiled {
    return this.#compiled;
  }

  /** Asks the questions that are kept with the policy in force, or with a draft. */
  test(draft?: Policy): TestRun[] {
    return runTests(draft === undefined ? this.#compiled : compiled(draft));
  }

  /** Throws PolicyError `invalid` for a document that would be refused for what is in it. */
  requireValid(document: unknown): void {
    const { next, issues } = this.#examine(document);
    this.#refuseErrors(next, issues);
  }

  /** Issues of the document in force. */
  issues(): PolicyIssue[] {
    return [...this.#lint(this.document), ...testIssues(this.#compiled, this.#compiled)];
  }

  #lint(document: Policy): PolicyIssue[] {
    return lint(document, this.#checkOptions, this.#checkSections, this.#askedRules);
  }

  /**
   * Makes a new revision of what `edit` makes of a copy of the document, applies it and tells the listeners. `edit` may run
   * again when somebody else was faster. A change of nothing makes no revision. Throws PolicyError.
   */
  change(by: PolicyAuthor, edit: (draft: Policy) => void | Policy): Promise<PolicyOutcome> {
    const run = this.#pending.then(() => this.#change(by, edit));
    this.#pending = run.catch(() => undefined);
    return run;
  }

  async #change(by: PolicyAuthor, edit: (draft: Policy) => void | Policy): Promise<PolicyOutcome> {
    for (let attempt = 1; attempt <= maxTries; attempt += 1) {
      if (by.base !== undefined && by.base !== this.#revision.id)
        throw new PolicyError("conflict", `The policy in force is revision ${this.#revision.id}, not ${by.base}.`);
      const draft = structuredClone(this.document);
      const { next, issues, changes } = this.#examine(edit(draft) ?? draft);
      this.#refuseErrors(next, issues);
      this.#refuseLockout(next, by, issues);
      refuseFailedTests(by, issues);
      if (changes.length === 0 && by.account === undefined) {
        if (by.audit !== null) await this.#stores.admin.audit(by.audit);
        return { revision: this.#revision, changes, issues };
      }
      const revision = await this.#stores.policies.commit({
        base: this.#revision.id,
        at: this.#clock.now(),
        author: by.author,
        ...commentOf(by.comment),
        rollbackOf: by.rollbackOf ?? null,
        document: JSON.stringify(next.document),
        audit: by.audit,
        account: by.account,
      });
      if (revision !== null) {
        this.#apply(next, revision, by.author);
        return { revision, changes, issues };
      }
      await this.#reload();
    }
    throw new PolicyError("conflict", "The policy is being changed by somebody else all the time.");
  }

  /** Errors that the document in force has already do not stop a change of something else. */
  #refuseErrors(next: Compiled | null, issues: readonly PolicyIssue[]): asserts next is Compiled {
    const errors = issues.filter((issue) => issue.severity === "error" && issue.code !== "failed-test");
    if (next !== null && errors.length === 0) return;
    const known = new Set(this.issues().map((issue) => `${issue.path} ${issue.message}`));
    const added = errors.filter((issue) => !known.has(`${issue.path} ${issue.message}`));
    if (next !== null && added.length === 0) return;
    const [first] = added.length > 0 ? added : errors;
    throw new PolicyError("invalid", first === undefined ? "The policy is not valid." : sentence(first), issues);
  }

  #refuseLockout(next: Compiled, by: PolicyAuthor, issues: PolicyIssue[]): void {
    const reason = lockout(this.#compiled, next, by.author, by.audit?.address ?? null);
    if (reason === null) return;
    const isForced = by.force === true;
    issues.push(lockoutIssue(reason, isForced ? "warning" : "error"));
    if (!isForced) throw new PolicyError("locks-out", remarkText(reason), issues);
  }

  /** Another node was faster: its revision is the one in force now. */
  async #reload(): Promise<void> {
    const stored = await this.#stores.policies.current();
    if (stored === null || stored.revision.id === this.#revision.id) return;
    this.#apply(compiled(read(stored.document)), stored.revision, stored.revision.author);
  }

  #apply(next: Compiled, revision: RevisionRow, by: string): void {
    const before = this.document;
    this.#compiled = next;
    this.#revision = revision;
    this.#log.info("policy changed", { revision: revision.id, by, comment: revision.comment });
    for (const listener of this.#listeners) {
      try {
        listener(next.document, before, by);
      } catch (error) {
        this.#log.error("a policy listener failed", {
          error: error instanceof Error ? (error.stack ?? "") : String(error),
        });
      }
    }
  }
}

/** A comment as the store keeps it. */
function commentOf(comment: string | Remark): Pick<RevisionRow, "comment" | "remark"> {
  if (typeof comment === "string") return { comment, remark: null };
  const { reason, values } = comment;
  return { comment: remarkText(comment), remark: JSON.stringify({ reason, values }) };
}

const compiled = (document: Policy): Compiled => ({ document, engine: new Engine(document) });

function lockoutIssue(said: Remark, severity: PolicyIssue["severity"]): PolicyIssue {
  return issueOf(severity, "locks-out-admin", documentPath("accessRules", configureRule), said);
}

/** A way back to an earlier revision is never closed by a test that it had already. */
function refuseFailedTests({ force, rollbackOf }: PolicyAuthor, issues: PolicyIssue[]): void {
  const failed = issues.filter((issue) => issue.severity === "error" && issue.code === "failed-test");
  if (failed.length === 0) return;
  if (force !== true && rollbackOf === undefined) throw new PolicyError("invalid", sentence(failed[0]!), issues);
  for (const issue of failed) issue.severity = "warning";
}

function sentence({ path, message, code, suggestion }: PolicyIssue): string {
  const hint = code === "unknown-name" && suggestion !== null ? ` Did you mean ${suggestion}?` : "";
  return `${path}: ${message}${hint}`;
}

function shapeIssues(error: z.ZodError): PolicyIssue[] {
  return error.issues.map((issue) => ({
    severity: "error",
    code: "bad-value",
    path: documentPath(...issue.path),
    message: valueFaultText(issue),
    suggestion: null,
    ...valueFault(issue),
  }));
}

function read(text: string): Policy {
  const parsed = Policy.safeParse(upgradePolicy(JSON.parse(text)));
  if (parsed.success) return parsed.data;
  throw new PolicyError(
    "invalid",
    `The stored policy cannot be read: ${z.prettifyError(parsed.error)}`,
    shapeIssues(parsed.error),
  );
}
