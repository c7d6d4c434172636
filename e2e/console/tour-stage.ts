import type { Page } from "@playwright/test";
import { systemClock } from "../../server/core/clock.ts";
import { type ApnsMock, startApnsMock } from "../../server/forward/push/apns/mock.ts";
import type { TestServer } from "../support/server.ts";
import type { Sink } from "../support/sink.ts";
import { XmppClient } from "../support/xmpp-client.ts";

/** Every page of the console, as somebody opens it; {@link pathOf} puts in what `DEVICE` and `EVENT` stand for. */
export const pages = {
  overview: "/",
  hosts: "/hosts",
  host: "/hosts/host?name=localhost&settings=all",
  users: "/users",
  user: "/users/account?jid=hero%40localhost",
  userSessions: "/users/account?jid=hero%40localhost&tab=sessions",
  userOffline: "/users/account?jid=hero%40localhost&tab=offline",
  userForwards: "/users/account?jid=hero%40localhost&tab=forwards",
  userAccess: "/users/account?jid=hero%40localhost&tab=access",
  userAccount: "/users/account?jid=borachio%40localhost&tab=account",
  newUser: "/users?create=1",
  sessions: "/sessions",
  groups: "/groups",
  announcements: "/announcements",
  reports: "/reports?state=all",
  links: "/links",
  invites: "/invites",
  newInvite: "/invites?create=1",
  rooms: "/rooms",
  newRoom: "/rooms?create=1",
  room: "/rooms/room?jid=green-room%40conference.localhost",
  roomSettings: "/rooms/room?jid=green-room%40conference.localhost&tab=settings",
  roomAffiliations: "/rooms/room?jid=green-room%40conference.localhost&tab=affiliations",
  uploads: "/uploads",
  uploadAccounts: "/uploads?tab=accounts",
  components: "/components",
  newComponent: "/components?create=1",
  access: "/access",
  why: "/access?tab=why&rule=configure&jid=hero%40localhost",
  accessText: "/access?tab=raw",
  accessHistory: "/access?tab=history",
  registration: "/registration",
  forward: "/forward",
  event: "/forward/event?id=EVENT",
  offline: "/offline",
  queue: "/offline/queue?jid=hero%40localhost",
  trace: "/trace",
  deadLetters: "/forward/dead",
  targets: "/forward/targets",
  newTarget: "/forward/targets?create=1",
  rules: "/forward/rules",
  devices: "/devices",
  device: "/devices/device?id=DEVICE",
  newApns: "/forward/targets?edit=ios",
  modules: "/modules",
  module: "/modules/module?name=muc",
  archiveModule: "/modules/module?name=archive",
  stanzas: "/stanzas",
  log: "/log",
  metrics: "/metrics",
  doctor: "/doctor",
  certificates: "/certificates",
  backups: "/backups",
  imports: "/imports",
  importProsody: "/imports?from=prosody",
  audit: "/audit",
  settings: "/settings",
  roles: "/settings?tab=roles",
  logInPolicy: "/settings?tab=login",
  alerts: "/settings?tab=alerts",
  keys: "/settings?tab=keys",
  newKey: "/settings?tab=keys&create=1",
} as const;

const people = ["claudio", "hero", "ursula", "borachio"];

/** What the pages show. */
export interface Furniture {
  readonly device: string;
  readonly event: string;
  readonly targets: readonly string[];
  readonly apns: ApnsMock;
}

/** Something for every page to show: people, rooms, phones, a component, and forwards that went well and that did not. */
export async function furnish(server: TestServer, sink: Sink): Promise<Furniture> {
  for (const user of people) await server.register(user, passwordOf(user));
  await server.api.users.suspend({ jid: "borachio@localhost", reason: "slander", until: null });
  await server.api.forward.setTarget({
    name: "app",
    withRule: true,
    target: { url: sink.url, headers: { "x-token": "a secret" }, allowPrivate: true, timeoutMs: 5000, maxAttempts: 20 },
  });
  const apns = await startApnsMock({ clock: systemClock });
  const device = await addPhones(server, apns);
  await addRooms(server);
  await sendMessages(server, sink);
  await server.api.invites.create({
    host: "localhost",
    kind: "contact",
    inviter: "hero@localhost",
    note: "the masque",
  });
  const { items } = await server.api.forward.list({ target: "app", limit: 1 });
  return { device, event: items[0]?.id ?? "", targets: ["app", "ios"], apns };
}

export const pathOf = (path: string, { device, event }: Furniture): string =>
  path.replace("DEVICE", device).replace("EVENT", event);

/** Two phones, one of which is not wanted any more, and a rule that is not for everybody. */
async function addPhones({ api }: TestServer, apns: ApnsMock): Promise<string> {
  const target = { kind: "apns", ...apns.credentials, server: apns.url, allowPrivate: true } as const;
  await api.forward.setTarget({ name: "ios", target });
  const phone = (token: string) => ({ kind: "apns", token: token.repeat(32) }) as const;
  const first = await api.devices.register({ user: "hero@localhost", device: phone("a1"), name: "Hero's phone" });
  const second = await api.devices.register({ user: "ursula@localhost", device: phone("b2"), name: "Ursula's tablet" });
  await api.devices.enable({ id: second.id, enabled: false });
  const { items } = await api.forward.rules();
  const rule = {
    name: "phones",
    classes: ["chat", "mention", "call"] as ("chat" | "mention" | "call")[],
    senders: ["*@localhost"],
    expression: "message.size < 10000",
    delaySeconds: 5,
    targets: ["ios"],
  };
  await api.forward.setRules({ rules: [rule, ...items] });
  return first.id;
}

/** A room with all kinds of people in its lists, a component, and a file that is still to come. */
async function addRooms({ api }: TestServer): Promise<void> {
  const jid = "green-room@conference.localhost";
  await api.rooms.create({ jid, owner: "hero@localhost", settings: { name: "Green room", isMembersOnly: true } });
  const changes = [
    { jid: "ursula@localhost", affiliation: "admin", nick: "Ursula" },
    { jid: "borachio@localhost", affiliation: "outcast", reason: "slander" },
  ] as const;
  await api.rooms.affiliate({ jid, changes: [...changes] });
  await api.components.add({ host: "localhost", domain: "masque.localhost", name: "Masque" });
}

/** Messages to people who are away: first the web server takes them, then it does not. */
async function sendMessages(server: TestServer, sink: Sink): Promise<void> {
  const claudio = await XmppClient.connect({ port: server.c2sPort, host: "localhost" });
  await claudio.login("claudio", passwordOf("claudio"));
  claudio.send("<presence/>");
  const before = sink.requests.length;
  for (let index = 0; index < 30; index += 1) {
    if (index === 24) sink.status = 503;
    claudio.send(
      `<message type='chat' to='${index % 3 === 0 ? "ursula" : "hero"}@localhost'><body>line ${index}</body></message>`,
    );
    await claudio.ping();
    if (index < 24) await sink.until(() => sink.requests.length > before + index);
  }
}

const passwordOf = (user: string): string => `${user}'s long password`;

/** Logs in whatever the language. */
export async function logInQuietly(page: Page, origin: string, as: { jid: string; password: string }): Promise<void> {
  await page.goto(`${origin}/admin/login`);
  await page.locator("input[name=username]").fill(as.jid);
  await page.locator("input[name=password]").fill(as.password);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => !url.pathname.endsWith("/login"));
}
