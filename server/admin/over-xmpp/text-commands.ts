import type { RegistrationPolicy } from "../../../lib/contracts/registration-policy.ts";
import { announcementsOf } from "../../features/announcements/announcements.ts";
import type { FormField } from "../../xmpp/forms.ts";
import { done, type ServiceCommand, type Task, textOf } from "./service-command.ts";

const subject: FormField = { var: "subject", type: "text-single", label: "Subject" };
const announcement: FormField = { var: "announcement", type: "text-multi", label: "Announcement", isRequired: true };
const motd: FormField = { var: "motd", type: "text-multi", label: "Message of the day", isRequired: true };
const lines = (text: string | undefined): string[] => text?.split("\n") ?? [];

const subjectOf = ({ values }: Task): string => values.values.get("subject")?.[0] ?? "";

async function announce(task: Task, kind: "online" | "accounts"): Promise<string> {
  const { matching } = await task.run("announcements", "send", {
    host: task.host,
    audience: { kind },
    subject: subjectOf(task),
    body: textOf(task.values, "announcement"),
  });
  return `The announcement is on its way to ${matching} accounts.`;
}

async function setMotd(task: Task, again: boolean): Promise<string> {
  const { host, values, run } = task;
  const body = textOf(values, "motd");
  await run("announcements", "setMotd", { host, subject: subjectOf(task), body, again, tellPresent: again });
  return again ? "The message of the day is set." : "The message of the day is reworded.";
}

async function setWelcome({ host, run }: Task, welcome: RegistrationPolicy["welcome"]): Promise<void> {
  const { policy } = await run("registration", "get", { host });
  await run("registration", "set", { host, policy: { ...policy, welcome } });
}

/** XEP-0133 4.23 to 4.28, and an announcement to everybody, which ejabberd has beside it. */
export const textCommands: readonly ServiceCommand[] = [
  {
    node: "announce",
    name: "Send Announcement to Online Users",
    permission: "announcements:write",
    fields: () => [subject, announcement],
    run: async (task) => done(await announce(task, "online")),
  },
  {
    node: "announce-all",
    name: "Send Announcement to All Users",
    permission: "announcements:write",
    fields: () => [subject, announcement],
    run: async (task) => done(await announce(task, "accounts")),
  },
  {
    node: "set-motd",
    name: "Set Message of the Day",
    permission: "announcements:write",
    fields: () => [subject, motd],
    run: async (task) => done(await setMotd(task, true)),
  },
  {
    node: "edit-motd",
    name: "Edit Message of the Day",
    permission: "announcements:write",
    fields(core, host) {
      const now = announcementsOf(core).motdOf(host);
      return [
        { ...subject, values: now === undefined ? [] : [now.subject] },
        { ...motd, values: lines(now?.body) },
      ];
    },
    run: async (task) => done(await setMotd(task, false)),
  },
  {
    node: "delete-motd",
    name: "Delete Message of the Day",
    permission: "announcements:write",
    fields: () => null,
    async run({ core, host, run }) {
      if (announcementsOf(core).motdOf(host) === undefined) return done("There is no message of the day.");
      await run("announcements", "removeMotd", { host });
      return done("There is no message of the day any more.");
    },
  },
  {
    node: "set-welcome",
    name: "Set Welcome Message",
    permission: "policy:write",
    fields({ policy }, host) {
      const { welcome } = policy.registration(host);
      return [
        { ...subject, values: welcome === null ? [] : [welcome.subject] },
        { var: "welcome", type: "text-multi", label: "Welcome message", values: lines(welcome?.body) },
      ];
    },
    async run(task) {
      await setWelcome(task, { subject: subjectOf(task), body: textOf(task.values, "welcome") });
      return done("The welcome message is set.");
    },
  },
  {
    node: "delete-welcome",
    name: "Delete Welcome Message",
    permission: "policy:write",
    fields: () => null,
    async run(task) {
      await setWelcome(task, null);
      return done("New users are not welcomed any more.");
    },
  },
];
