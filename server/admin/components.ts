import { randomBytes } from "node:crypto";
import { z } from "zod";
import { Delegations, Privileges } from "../../lib/contracts/component-rights.ts";
import type { contract } from "../../lib/contracts/index.ts";
import type { Policy } from "../../lib/contracts/policy.ts";
import type { Component } from "../core/components.ts";
import { own } from "../core/policy/engine.ts";
import { StreamError } from "../xmpp/errors.ts";
import { hostName, requireHost } from "./address.ts";
import type { Call } from "./call.ts";
import { refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { put } from "./records.ts";
import { revise } from "./revise.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

const module = "components";
const secretBytes = 24;

/** The part of the module's options that is edited here; its own schema checks all of them. */
const Declared = z.looseObject({
  domain: z.string(),
  name: z.string().default(""),
  access: z.string().nullable().default(null),
  secret: z.string().nullable().default(null),
  secret_file: z.string().nullable().default(null),
  privileges: Privileges.prefault({}),
  delegations: Delegations.default([]),
});
const Options = z.looseObject({ components: z.array(Declared).default([]) });
type Declared = z.infer<typeof Declared>;

export function components(admin: Admin): Verbs<typeof contract.components> {
  const { core, events, listeners } = admin;

  const find = (domain: string, call: Call): Component => {
    const component = core.components.get(domain);
    if (component === undefined) throw refused("not-found", "component-missing", { domain });
    call.note(component.domain);
    return component;
  };

  /** Where a component is declared: by its host, or by the settings for all hosts; null: it is not any more. */
  const lookUp = (component: Component): { host: string | null; declared: Declared } | null => {
    const host = component.host.name;
    const { modules, hosts } = core.policy.document;
    const isOwn = own(own(hosts, host)?.modules ?? {}, module) !== undefined;
    const setting = isOwn ? own(own(hosts, host)!.modules, module) : own(modules, module);
    const declared = declaredIn(setting).find(({ domain }) => domain === component.declared);
    return declared === undefined ? null : { host: isOwn ? host : null, declared };
  };

  const declarationOf = (component: Component): { host: string | null; declared: Declared } => {
    const found = lookUp(component);
    if (found === null) throw refused("not-found", "component-undeclared", { domain: component.domain });
    return found;
  };

  const edit = async (
    call: Call,
    host: string | null,
    comment: string,
    change: (list: readonly Declared[]) => readonly Declared[],
  ) => {
    const { revision } = await revise(admin, call, { comment }, (draft) => changeDeclared(draft, host, change));
    events.publish("components", null, call.author);
    return revision;
  };

  return {
    list(_input, call) {
      const hosts = call.hosts();
      const listener = listeners().find(({ name }) => name === "component");
      const items = [...core.components.all()]
        .filter(({ host }) => hosts === undefined || hosts.includes(host.name))
        .toSorted((one, other) => (one.domain < other.domain ? -1 : 1))
        .map((component) => {
          const { domain, label, host, connection, lastSeenAt } = component;
          const declaration = lookUp(component);
          return {
            domain,
            host: host.name,
            name: label,
            isForAllHosts: declaration?.host === null,
            access: declaration?.declared.access ?? null,
            secretFrom: declaration?.declared.secret_file == null ? ("store" as const) : ("file" as const),
            privileges: declaration?.declared.privileges ?? Privileges.parse({}),
            delegations: declaration?.declared.delegations ?? [],
            connection:
              connection === null
                ? null
                : {
                    address: connection.link.address,
                    since: timestamp(connection.since),
                    received: { ...connection.link.incoming },
                    sent: { ...connection.link.outgoing },
                  },
            lastSeenAt: timestampOrNull(lastSeenAt),
          };
        });
      return { items, listener: listener === undefined ? null : { address: listener.address, port: listener.port } };
    },

    async add({ host: text, domain, name, access, secret, privileges, delegations, comment }, call) {
      const host = hostName(text);
      requireHost(core, host);
      const served = domain.replaceAll("@HOST@", host);
      call.note(served);
      if (core.hosts.entity(served) !== undefined) throw refused("exists", "domain-taken", { domain: served });
      const made = secret === undefined ? randomBytes(secretBytes).toString("base64url") : null;
      const declared = Declared.parse({ domain, name, access, secret: secret ?? made, privileges, delegations });
      const revision = await edit(call, host, comment, (list) => [...list, declared]);
      if (core.components.get(served) === undefined)
        throw refused("conflict", "component-module-off", { domain: served, host });
      return { revision, secret: made };
    },

    async remove({ domain, comment }, call) {
      const component = find(domain, call);
      const { host } = declarationOf(component);
      const revision = await edit(call, host, comment, (list) =>
        list.filter((one) => one.domain !== component.declared),
      );
      return { revision };
    },

    async rotateSecret({ domain }, call) {
      const component = find(domain, call);
      const { host } = declarationOf(component);
      const secret = randomBytes(secretBytes).toString("base64url");
      const revision = await edit(call, host, `new secret of ${component.domain}`, (list) =>
        list.map((one) => (one.domain === component.declared ? { ...one, secret, secret_file: null } : one)),
      );
      return { revision, secret };
    },

    async setRights({ domain, privileges, delegations, comment }, call) {
      const component = find(domain, call);
      const { host } = declarationOf(component);
      const revision = await edit(call, host, comment, (list) =>
        list.map((one) => (one.domain === component.declared ? { ...one, privileges, delegations } : one)),
      );
      return { revision };
    },

    disconnect({ domain }, call) {
      const { connection } = find(domain, call);
      if (connection === null) throw refused("conflict", "component-away", { domain });
      connection.link.close(new StreamError("reset", "ended by an admin"));
      return { ok: true };
    },
  };
}

function declaredIn(setting: { readonly options: unknown } | undefined): readonly Declared[] {
  return Options.safeParse(setting?.options ?? {}).data?.components ?? [];
}

/** `host` null: for all hosts. A host that follows those gets settings of its own, which begin as a copy. */
function changeDeclared(
  draft: Policy,
  host: string | null,
  change: (list: readonly Declared[]) => readonly Declared[],
): void {
  const modules = host === null ? draft.modules : own(draft.hosts, host)!.modules;
  const before = own(modules, module) ?? own(draft.modules, module) ?? { enabled: true, options: {} };
  put(modules, module, {
    enabled: true,
    options: { ...structuredClone(before.options), components: change(declaredIn(before)) },
  });
}
