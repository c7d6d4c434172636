import type { CommandAnswer } from "../../core/command.ts";
import { formatDateTime } from "../../xmpp/datetime.ts";
import { el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { FormField } from "../../xmpp/forms.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { AdminError } from "../errors.ts";
import { accountsOf, adminForm, done, result, type ServiceCommand, type Task, valueOf } from "./service-command.ts";

const oneAccount: FormField = { var: "accountjid", type: "jid-single", label: "Account", isRequired: true };
const accounts: FormField = { var: "accountjids", type: "jid-multi", label: "Accounts", isRequired: true };
const password: FormField = { var: "password", type: "text-private", label: "Password", isRequired: true };

const account = ({ values, host }: Task): Jid => accountsOf(values, "accountjid", host)[0]!;

/** Of a field for several, where there is one answer only. Throws StanzaError. */
function onlyAccount({ values, host }: Task): string {
  const [jid, ...others] = accountsOf(values, "accountjids", host);
  if (others.length > 0) throw StanzaError.of("not-acceptable", "One account at a time.");
  return jid!.bare;
}

/** Does it to each account; when it fails for some, the note says for whom. */
async function each(task: Task, what: string, act: (jid: Jid) => Promise<unknown>): Promise<CommandAnswer> {
  const jids = accountsOf(task.values, "accountjids", task.host);
  const failed: string[] = [];
  for (const jid of jids) {
    try {
      await act(jid);
    } catch (error) {
      if (jids.length === 1 || !(error instanceof AdminError)) throw error;
      failed.push(`${jid.full}: ${error.message}`);
    }
  }
  const count = `${jids.length - failed.length} of ${jids.length} accounts ${what}.`;
  if (failed.length === 0) return done(count);
  return { kind: "completed", note: { type: "error", text: [count, ...failed].join("\n") } };
}

/** XEP-0133 4.1 to 4.6: accounts come, go and change. */
export const accountCommands: readonly ServiceCommand[] = [
  {
    node: "add-user",
    name: "Add User",
    permission: "users:write",
    fields: () => [oneAccount, password, { ...password, var: "password-verify", label: "Password again" }],
    async run(task) {
      const { local, domain: host } = account(task);
      const text = valueOf(task.values, "password");
      if (valueOf(task.values, "password-verify") !== text)
        throw StanzaError.of("not-acceptable", "The two passwords differ.");
      const made = await task.run("users", "create", { local, host, password: text });
      return done(`${made.jid} added.`);
    },
  },
  {
    node: "delete-user",
    name: "Delete User",
    permission: "users:write",
    fields: () => [accounts],
    run: (task) => each(task, "deleted", (jid) => task.run("users", "remove", { jid: jid.bare })),
  },
  {
    node: "disable-user",
    name: "Disable User",
    permission: "users:write",
    fields: () => [accounts],
    run: (task) => each(task, "disabled", (jid) => task.run("users", "suspend", { jid: jid.bare })),
  },
  {
    node: "reenable-user",
    name: "Re-Enable User",
    permission: "users:write",
    fields: () => [accounts],
    run: (task) => each(task, "enabled again", (jid) => task.run("users", "resume", { jid: jid.bare })),
  },
  {
    node: "end-user-session",
    name: "End User Session",
    permission: "sessions:write",
    fields: () => [{ ...accounts, label: "Accounts, or full JIDs of single resources" }],
    run: (task) => each(task, "ended", (jid) => task.run("sessions", "end", { jid: jid.full })),
  },
  {
    node: "change-user-password",
    name: "Change User Password",
    permission: "users:write",
    fields: () => [oneAccount, password],
    async run(task) {
      const jid = account(task).bare;
      await task.run("users", "changePassword", { jid, password: valueOf(task.values, "password") });
      return done(`Password of ${jid} changed.`);
    },
  },
  // XEP-0133 4.6 was retracted; passwords cannot be told here, for they are not kept.
  {
    node: "get-user-roster",
    name: "Get User Roster",
    permission: "users:read",
    fields: () => [{ ...accounts, label: "Account" }],
    async run(task) {
      const jid = onlyAccount(task);
      const { roster } = await task.run("users", "get", { jid });
      const items = roster.map(({ jid: contact, name, subscription, ask, groups }) =>
        el(
          "item",
          NS.roster,
          { jid: contact, name: name === "" ? undefined : name, subscription, ask: ask ? "subscribe" : undefined },
          ...groups.map((group) => el("group", NS.roster, undefined, group)),
        ),
      );
      const form = adminForm("result", [{ ...accounts, isRequired: false, values: [jid] }]);
      const query = el("query", NS.roster, undefined, ...items);
      return { kind: "completed", form: el("x", NS.forms, { type: "result" }, ...form.children, query) };
    },
  },
  {
    node: "get-user-lastlogin",
    name: "Get User Last Login Time",
    permission: "users:read",
    fields: () => [{ ...accounts, label: "Account" }],
    async run(task) {
      const jid = onlyAccount(task);
      const { items } = await task.run("users", "clients", { jid });
      const times = items.map(({ lastAt }) => Date.parse(lastAt));
      const last = times.length === 0 ? "" : formatDateTime(Math.max(...times));
      return result(
        { var: "accountjids", type: "jid-multi", values: [jid] },
        { var: "lastlogin", type: "text-single", label: "Last login", values: last === "" ? [] : [last] },
      );
    },
  },
  {
    node: "user-stats",
    name: "Get User Statistics",
    permission: "users:read",
    // XEP-0133 4.10 has another field than 4.8 and 4.9: clients fill in the one or the other.
    fields: () => [
      { ...oneAccount, isRequired: false },
      { ...accounts, label: "Account", isRequired: false },
    ],
    async run(task) {
      const jid = task.values.values.has("accountjid") ? account(task) : Jid.parse(onlyAccount(task));
      const { roster } = await task.run("users", "get", { jid: jid.bare });
      const sessions = task.core.sessions.of(jid);
      return result(
        { var: "accountjid", type: "jid-single", values: [jid.bare] },
        { var: "ipaddresses", type: "text-multi", label: "Addresses", values: sessions.map((one) => one.link.address) },
        { var: "rostersize", type: "text-single", label: "Contacts", values: [String(roster.length)] },
        {
          var: "onlineresources",
          type: "text-multi",
          label: "Resources",
          values: sessions.map((one) => one.jid.resource),
        },
      );
    },
  },
];
