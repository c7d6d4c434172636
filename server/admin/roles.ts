import { createHash } from "node:crypto";
import { logoSides, maxLogoBytes, type Role } from "../../lib/contracts/console-policy.ts";
import { hostAdminRole, ownerRole } from "../../lib/contracts/fixed-roles.ts";
import type { contract } from "../../lib/contracts/index.ts";
import { permissions } from "../../lib/contracts/permissions.ts";
import { remark } from "../../lib/contracts/remarks.ts";
import type { RoleInfo } from "../../lib/contracts/roles.ts";
import { own } from "../core/policy/engine.ts";
import { configureRule, fixedPermissions } from "../core/policy/roles.ts";
import type { Jid } from "../xmpp/jid.ts";
import { accountJid } from "./address.ts";
import { badInput, refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { rasterOf } from "./raster.ts";
import { put } from "./records.ts";
import { revise } from "./revise.ts";
import { roleGrantPlace } from "./role-grant.ts";
import { join, leave, membersOf } from "./role-members.ts";
import type { Verbs } from "./verbs.ts";

/** Uploads that are kept, those in use among them: an earlier revision finds its logo for so long. */
const maxLogos = 16;

export function roles(admin: Admin): Verbs<typeof contract.roles> {
  const { core } = admin;
  const { policy, stores } = core;

  const describe = (name: string, role: Role, isFixed: boolean): RoleInfo => ({
    ...role,
    name,
    isFixed,
    needsSecondFactor: policy.document.console.login.secondFactor.includes(name),
    lines: own(policy.document.accessRules, role.access) ?? [],
    members: membersOf(policy.document, role.access).filter(({ host }) => isSeenBy(name, host)),
  });

  const account = async (text: string): Promise<Jid> => {
    const jid = accountJid(core, text);
    if (!(await stores.accounts.exists(jid.domain, jid.local)))
      throw refused("not-found", "account-missing", { jid: jid.bare });
    return jid;
  };

  return {
    list: () => ({
      items: [
        describe(ownerRole, fixedRole(ownerRole), true),
        ...Object.entries(policy.document.console.roles).map(([name, role]) => describe(name, role, false)),
        describe(hostAdminRole, fixedRole(hostAdminRole), true),
      ],
      login: policy.document.console.login,
      permissions: [...permissions],
    }),

    of: ({ jid, ip }) => ({
      items: policy.roles(accountJid(core, jid), ip ?? null).map(({ role, permissions: granted, hosts }) => ({
        role,
        permissions: [...granted],
        hosts: hosts === null ? null : [...hosts],
      })),
    }),

    set({ name, role, comment }, call) {
      call.note(name);
      return revise(admin, call, { comment }, (draft) => {
        put(draft.console.roles, name, role);
        if (role === null)
          draft.console.login.secondFactor = draft.console.login.secondFactor.filter((one) => one !== name);
      });
    },

    async grant({ name, jid: text, host }, call) {
      const { access, scope } = roleGrantPlace(core, name, host);
      const jid = await account(text);
      call.note(jid.bare, { role: name });
      const values = { jid: jid.bare, role: name };
      const comment =
        scope === null
          ? remark("revision-role-granted", values)
          : remark("revision-role-granted-on", { ...values, host: scope });
      return revise(admin, call, { comment }, (draft) => join(draft, access, jid.bare, scope));
    },

    async revoke({ name, jid: text, host }, call) {
      const { access, scope } = roleGrantPlace(core, name, host);
      const { bare } = accountJid(core, text);
      call.note(bare, { role: name });
      if (!leave(structuredClone(policy.document), access, (jid) => jid === bare, scope))
        throw refused("not-found", "no-own-condition", { jid: bare });
      return revise(admin, call, { comment: remark("revision-role-revoked", { jid: bare, role: name }) }, (draft) => {
        leave(draft, access, (jid) => jid === bare, scope);
      });
    },

    setLogin({ login, comment }, call) {
      call.note("");
      return revise(admin, call, { comment }, (draft) => {
        draft.console.login = login;
      });
    },

    async addLogo({ data }, call) {
      const bytes = Buffer.from(data, "base64");
      const raster = rasterOf(bytes);
      if (raster === null || bytes.length > maxLogoBytes)
        throw badInput("data", "no-logo", { kib: maxLogoBytes / 1024 });
      const { type, width, height } = raster;
      const { least, most } = logoSides;
      if (Math.min(width, height) < least || Math.max(width, height) > most)
        throw badInput("data", "logo-sides", { width, height, least, most });
      const id = createHash("sha256").update(bytes).digest("hex");
      const kept = Object.values(policy.document.console.brand.logo).filter((one) => one !== "");
      call.note(id, { width, height });
      await stores.images.put({ id, type, width, height, data, createdAt: core.clock.now() }, maxLogos, kept);
      return { id, width, height };
    },

    async setBrand({ brand, comment }, call) {
      call.note("");
      for (const [theme, id] of Object.entries(brand.logo))
        if (id !== "" && (await stores.images.find(id)) === null) throw badInput(`brand.logo.${theme}`, "no-such-logo");
      return revise(admin, call, { comment }, (draft) => {
        draft.console.brand = brand;
      });
    },
  };
}

function fixedRole(name: string): Role {
  return { description: "", permissions: [...fixedPermissions[name]!], hosts: null, access: configureRule };
}

/** `configure` gives two roles: for all hosts the one, by a host's own rule or ACL the other. */
function isSeenBy(role: string, host: string | null): boolean {
  if (role === ownerRole) return host === null;
  return role !== hostAdminRole || host !== null;
}
