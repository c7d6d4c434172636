import type { HostSetting, HostSettingKind } from "../../lib/contracts/hosts.ts";
import type { contract } from "../../lib/contracts/index.ts";
import type { HostPolicy, Policy } from "../../lib/contracts/policy.ts";
import { remark } from "../../lib/contracts/remarks.ts";
import { diff } from "../core/policy/diff.ts";
import { own } from "../core/policy/engine.ts";
import { hostName, requireHost } from "./address.ts";
import { badInput, refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { put } from "./records.ts";
import { revise } from "./revise.ts";
import type { Verbs } from "./verbs.ts";

type SettingVerbs = Pick<Verbs<typeof contract.hosts>, "settings" | "resetSetting">;

/** The settings of a host beside the defaults that they come from. */
export function hostSettings(admin: Admin): SettingVerbs {
  const { core, loader } = admin;
  return {
    settings({ host }) {
      const name = hostName(host);
      requireHost(core, name);
      const { document } = core.policy;
      const settings = own(document.hosts, name)!;
      const registration = setting("registration", "", document.registration, settings.registration ?? undefined);
      return {
        items: [registration, ...modulesOf(loader, document, settings), ...listsOf(document, settings)],
      };
    },

    async resetSetting({ host: text, kind, name }, call) {
      const host = hostName(text);
      requireHost(core, host);
      const what = kind === "registration" ? "registration" : name;
      if (what === undefined) throw badInput("name", "setting-unnamed");
      call.note(`${what} on ${host}`);
      const before = own(core.policy.document.hosts, host)!;
      if (!hasOwn(before, kind, what)) throw refused("not-found", "setting-inherited", { name: what, host });
      return revise(admin, call, { comment: remark("revision-setting-default", { what, host }) }, (draft) => {
        reset(own(draft.hosts, host)!, kind, what);
      });
    },
  };
}

function setting(
  kind: HostSettingKind,
  name: string,
  standard: unknown,
  given: unknown,
  effective = given ?? standard,
  isAdded = false,
): HostSetting {
  return {
    kind,
    name,
    isOwn: given !== undefined,
    isAdded,
    effective,
    changes: given === undefined ? [] : diff(standard, effective),
  };
}

function modulesOf(loader: Admin["loader"], { modules }: Policy, host: HostPolicy): HostSetting[] {
  return loader.definitions().map(({ name, enabledByDefault = true }) => {
    const standard = own(modules, name) ?? { enabled: enabledByDefault, options: {} };
    return setting("module", name, standard, own(host.modules, name));
  });
}

/** ACLs and access rules: those of the host are joined to the defaults or take their place. */
function listsOf(policy: Policy, host: HostPolicy): HostSetting[] {
  const acls = names(policy.acl, host.acl).map((name) => {
    const given = own(host.acl, name);
    return list("acl", name, own(policy.acl, name), given && { inherit: given.inherit, entries: given.any });
  });
  const rules = names(policy.accessRules, host.accessRules).map((name) => {
    const given = own(host.accessRules, name);
    const lines = given && { inherit: given.inherit, entries: given.lines };
    return list("access-rule", name, own(policy.accessRules, name), lines);
  });
  return [...acls, ...rules];
}

function list(
  kind: HostSettingKind,
  name: string,
  standard: readonly unknown[] = [],
  given: { inherit: "append" | "replace"; entries: readonly unknown[] } | undefined,
): HostSetting {
  const isAdded = given?.inherit === "append";
  const effective = isAdded ? [...standard, ...given.entries] : (given?.entries ?? standard);
  return setting(kind, name, standard, given, effective, isAdded);
}

const names = (defaults: object, given: object): string[] =>
  [...new Set([...Object.keys(defaults), ...Object.keys(given)])].toSorted();

function hasOwn(host: HostPolicy, kind: HostSettingKind, name: string): boolean {
  if (kind === "registration") return host.registration !== null;
  return Object.hasOwn(recordOf(host, kind), name);
}

function reset(host: HostPolicy, kind: HostSettingKind, name: string): void {
  if (kind === "registration") host.registration = null;
  else put(recordOf(host, kind), name, null);
}

function recordOf(host: HostPolicy, kind: Exclude<HostSettingKind, "registration">): Record<string, unknown> {
  return { module: host.modules, acl: host.acl, "access-rule": host.accessRules }[kind];
}
