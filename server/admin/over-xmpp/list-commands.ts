import type { CommandAnswer } from "../../core/command.ts";
import type { Session } from "../../core/session.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import type { FormField } from "../../xmpp/forms.ts";
import { adminForm, result, type ServiceCommand, type Task } from "./service-command.ts";

/** XEP-0133 4.13 to 4.22 leave to the service who is idle: whoever has sent nothing for so long. */
const idleAfterMs = 10 * 60_000;
const pageItems = 500;
const sizes = [25, 50, 75, 100, 150, 200, 500, 1000];
const maxItems = 1000;

const maxField: FormField = {
  var: "max_items",
  type: "list-single",
  label: "How many at most",
  values: ["25"],
  options: sizes.map((size) => ({ value: String(size) })),
};

function limitOf({ values }: Task): number {
  const text = values.values.get("max_items")?.[0];
  if (text === undefined || text === "" || text === "none") return maxItems;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > maxItems)
    throw StanzaError.of("not-acceptable", `max_items is 1 to ${maxItems}.`);
  return limit;
}

/** The JIDs as a field, with a note where there are more. */
function listed(field: string, label: string, jids: readonly string[], isMore: boolean): CommandAnswer {
  const form = adminForm("result", [{ var: field, type: "jid-multi", label, values: jids }]);
  if (!isMore) return { kind: "completed", form };
  return { kind: "completed", form, note: { type: "info", text: `There are more than these ${jids.length}.` } };
}

type AccountFilter = "all" | "suspended";

async function accountPage(task: Task, filter: AccountFilter, limit: number, cursor: string | null) {
  const after = cursor === null ? {} : { cursor };
  return task.run("users", "list", { host: task.host, filter, limit, ...after });
}

async function accounts(task: Task, filter: AccountFilter, field: string, label: string): Promise<CommandAnswer> {
  const limit = limitOf(task);
  const jids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await accountPage(task, filter, Math.min(pageItems, limit - jids.length), cursor);
    jids.push(...page.items.map(({ jid }) => jid));
    cursor = page.nextCursor;
  } while (cursor !== null && jids.length < limit);
  return listed(field, label, jids, cursor !== null);
}

async function countAccounts(task: Task, filter: AccountFilter): Promise<number> {
  let number = 0;
  let cursor: string | null = null;
  do {
    const page = await accountPage(task, filter, pageItems, cursor);
    number += page.items.length;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return number;
}

/** Accounts of the host with a resource that is like that, once each. */
function online({ core, host }: Task, isMeant: (session: Session) => boolean): string[] {
  const found = new Set<string>();
  for (const session of core.sessions.all())
    if (session.host.name === host && isMeant(session)) found.add(session.bare.bare);
  return [...found].toSorted();
}

function onlineList(task: Task, field: string, label: string, isMeant: (session: Session) => boolean): CommandAnswer {
  const limit = limitOf(task);
  const jids = online(task, isMeant);
  return listed(field, label, jids.slice(0, limit), jids.length > limit);
}

const anyone = (): boolean => true;
const active =
  ({ core }: Task) =>
  ({ lastActive }: Session): boolean =>
    core.clock.now() - lastActive < idleAfterMs;
const idle =
  (task: Task) =>
  (session: Session): boolean =>
    !active(task)(session);

async function count(field: string, label: string, number: number | Promise<number>): Promise<CommandAnswer> {
  return result({ var: field, type: "text-single", label, values: [String(await number)] });
}

/** XEP-0133 4.13 to 4.22: how many accounts there are, and which. */
export const listCommands: readonly ServiceCommand[] = [
  {
    node: "get-registered-users-num",
    name: "Get Number of Registered Users",
    permission: "users:read",
    fields: () => null,
    run: ({ host, run }) =>
      count(
        "registeredusersnum",
        "Registered users",
        run("hosts", "get", { host }).then(({ users }) => users),
      ),
  },
  {
    node: "get-disabled-users-num",
    name: "Get Number of Disabled Users",
    permission: "users:read",
    fields: () => null,
    run: (task) => count("disabledusersnum", "Disabled users", countAccounts(task, "suspended")),
  },
  {
    node: "get-online-users-num",
    name: "Get Number of Online Users",
    permission: "sessions:read",
    fields: () => null,
    run: (task) => count("onlineusersnum", "Online users", online(task, anyone).length),
  },
  {
    node: "get-active-users-num",
    name: "Get Number of Active Users",
    permission: "sessions:read",
    fields: () => null,
    run: (task) => count("activeusersnum", "Users who sent something lately", online(task, active(task)).length),
  },
  {
    node: "get-idle-users-num",
    name: "Get Number of Idle Users",
    permission: "sessions:read",
    fields: () => null,
    run: (task) => count("idleusersnum", "Users who sent nothing lately", online(task, idle(task)).length),
  },
  {
    node: "get-registered-users-list",
    name: "Get List of Registered Users",
    permission: "users:read",
    fields: () => [maxField],
    run: (task) => accounts(task, "all", "registereduserjids", "Registered users"),
  },
  {
    node: "get-disabled-users-list",
    name: "Get List of Disabled Users",
    permission: "users:read",
    fields: () => [maxField],
    run: (task) => accounts(task, "suspended", "disableduserjids", "Disabled users"),
  },
  {
    node: "get-online-users-list",
    name: "Get List of Online Users",
    permission: "sessions:read",
    fields: () => [maxField],
    run: async (task) => onlineList(task, "onlineuserjids", "Online users", anyone),
  },
  {
    node: "get-active-users",
    name: "Get List of Active Users",
    permission: "sessions:read",
    fields: () => [maxField],
    run: async (task) => onlineList(task, "activeuserjids", "Users who sent something lately", active(task)),
  },
  {
    node: "get-idle-users",
    name: "Get List of Idle Users",
    permission: "sessions:read",
    fields: () => [maxField],
    run: async (task) => onlineList(task, "activeuserjids", "Users who sent nothing lately", idle(task)),
  },
];
