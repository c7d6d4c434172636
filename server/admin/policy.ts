import type { contract } from "../../lib/contracts/index.ts";
import { upgradePolicy } from "../../lib/contracts/policy-upgrade.ts";
import { Policy } from "../../lib/contracts/policy.ts";
import { remark } from "../../lib/contracts/remarks.ts";
import type { Subject } from "../core/policy/condition.ts";
import { diff } from "../core/policy/diff.ts";
import { own } from "../core/policy/engine.ts";
import { Turns } from "../core/turns.ts";
import { Jid } from "../xmpp/jid.ts";
import { hostName, requireHost } from "./address.ts";
import { badInput, refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { countMatches, impactOf } from "./policy-impact.ts";
import { put } from "./records.ts";
import { revise, revisionOf } from "./revise.ts";
import { requirePublicAddresses } from "./target-address.ts";
import type { Verbs } from "./verbs.ts";

export function policy(admin: Admin): Verbs<typeof contract.policy> {
  const { core } = admin;
  const state = core.policy;
  /** One survey of all accounts at a time, whoever asks. */
  const surveys = new Turns();

  const stored = async (id: number) => {
    const found = await core.stores.policies.get(id);
    if (found === null) throw refused("not-found", "revision-missing", { id });
    return { revision: found.revision, policy: parsed(found.document) };
  };

  // The part of a draft that a verb edits: the settings for all hosts, or those of one.
  const scopeOf = (host: string | undefined) => {
    if (host === undefined) return null;
    const name = hostName(host);
    requireHost(core, name);
    return name;
  };

  return {
    get: () => ({
      revision: revisionOf(state.revision),
      policy: state.document,
      issues: state.issues(),
    }),

    async check({ policy: draft, impact }, call) {
      const { policy: checked, issues, changes } = state.check(draft, call);
      if (!impact || checked === null) return { issues, changes, impact: null };
      return { issues, changes, impact: await surveys.take("", () => impactOf(core, checked, call)) };
    },

    test: ({ draft }) => ({ items: state.test(draft) }),

    count: ({ condition, draft }) => surveys.take("", () => countMatches(core, condition, draft)),

    async apply({ policy: wanted, baseRevision, comment, force }, call) {
      call.note("policy");
      await requirePublicAddresses(wanted.forward, state.document.forward, admin.resolve);
      return revise(admin, call, { comment, base: baseRevision, force }, (draft) => become(draft, wanted));
    },

    async revisions({ cursor, limit }) {
      const page = await core.stores.policies.list({ cursor, limit });
      return { ...page, items: page.items.map(revisionOf) };
    },

    async revision({ id }) {
      const { revision, policy: document } = await stored(id);
      const before = id > 1 ? await core.stores.policies.get(id - 1) : null;
      const changes = before === null ? [] : diff(parsed(before.document), document);
      return { revision: revisionOf(revision), policy: document, changes };
    },

    async rollback({ id }, call) {
      const { policy: document } = await stored(id);
      call.note(`revision ${id}`);
      const options = { comment: remark("revision-rollback", { id }), rollbackOf: id };
      return revise(admin, call, options, (draft) => become(draft, document));
    },

    setAcl({ name, host, any, comment, force }, call) {
      const scope = scopeOf(host);
      call.note(scope === null ? name : `${name} on ${scope}`);
      return revise(admin, call, { comment, force }, (draft) => {
        if (scope === null) put(draft.acl, name, any);
        else {
          const { acl } = own(draft.hosts, scope)!;
          put(acl, name, any && { inherit: inheritOf(acl, name), any });
        }
      });
    },

    testAcl({ acl, ...asked }) {
      return state.explainAcl(acl, subjectOf(asked));
    },

    setAccessRule({ name, host, lines, comment, force }, call) {
      const scope = scopeOf(host);
      call.note(scope === null ? name : `${name} on ${scope}`);
      return revise(admin, call, { comment, force }, (draft) => {
        if (scope === null) put(draft.accessRules, name, lines);
        else {
          const { accessRules } = own(draft.hosts, scope)!;
          put(accessRules, name, lines && { inherit: inheritOf(accessRules, name), lines });
        }
      });
    },

    testAccess({ rule, draft, ...asked }) {
      return state.explain(rule, subjectOf(asked), draft);
    },
  };
}

// Stored documents were checked when they were written; one from an earlier version has to get the settings that are new.
function parsed(document: string): Policy {
  return Policy.parse(upgradePolicy(JSON.parse(document)));
}

/** A document without a text of its rules has none, whatever there was before. */
function become(draft: Policy, document: Policy): void {
  if (document.accessText === undefined) delete draft.accessText;
  Object.assign(draft, document);
}

type Overrides = Readonly<Record<string, { readonly inherit: "append" | "replace" }>>;

function inheritOf(overrides: Overrides, name: string): "append" | "replace" {
  return own(overrides, name)?.inherit ?? "replace";
}

function subjectOf(asked: { jid: string; ip?: string | undefined; host?: string | undefined }): Subject {
  const jid = asked.jid === "" ? null : Jid.tryParse(asked.jid);
  if (jid === undefined) throw badInput("jid", "no-address");
  const host = asked.host === undefined ? (jid?.domain ?? "") : hostName(asked.host);
  return { jid, ip: asked.ip ?? null, host };
}
