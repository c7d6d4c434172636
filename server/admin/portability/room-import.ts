import { RoomAffiliation, type RoomChange, RoomSettings } from "../../../lib/contracts/rooms.ts";
import type { Core } from "../../core/core.ts";
import { type RoomService, type RoomSubject, roomServicesOf } from "../../features/room-services.ts";
import { parseDateTime } from "../../xmpp/datetime.ts";
import type { Element } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { parseBoolean, parseForm } from "../../xmpp/forms.ts";
import { Jid } from "../../xmpp/jid.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { affiliateSome, type AffiliationWish } from "../affiliate.ts";
import { NS_MUC_ADMIN, NS_MUC_OWNER } from "./names.ts";
import { RoomHistory } from "./room-history.ts";
import type { Tally } from "./tally.ts";

type YesNo = { [K in keyof RoomSettings]: RoomSettings[K] extends boolean ? K : never }[keyof RoomSettings];

/** Fields of the form of a room's owner (XEP-0045 15.5.3) that say yes or no. */
const flags: ReadonlyMap<string, YesNo> = new Map([
  ["publicroom", "isPublic"],
  ["membersonly", "isMembersOnly"],
  ["moderatedroom", "isModerated"],
  ["changesubject", "mayParticipantsChangeSubject"],
  ["allowinvites", "mayParticipantsInvite"],
  ["enablearchiving", "isArchived"],
]);
const others: ReadonlyMap<string, "name" | "description" | "language" | "whois" | "privateMessages"> = new Map([
  ["roomname", "name"],
  ["roomdesc", "description"],
  ["lang", "language"],
  ["whois", "whois"],
  ["allowpm", "privateMessages"],
]);

/** What a form says of a room; values that it cannot have are left out. */
export function readRoomSettings(form: Element | undefined): RoomChange {
  const values = form === undefined ? undefined : parseForm(form)?.values;
  const of = (name: string): readonly string[] | undefined => values?.get(`muc#roomconfig_${name}`);
  const wish: Record<string, unknown> = {};
  for (const [field, key] of flags) wish[key] = parseBoolean(of(field)?.[0]);
  for (const [field, key] of others) wish[key] = of(field)?.[0];
  const most = of("maxusers")?.[0];
  if (most !== undefined) wish["maxOccupants"] = Number(most);
  wish["presenceOf"] = of("presencebroadcast");
  const settings = Object.entries(RoomSettings.shape).flatMap(([key, schema]) => {
    const given = schema.safeParse(wish[key]);
    return given.success && wish[key] !== undefined ? [[key, given.data] as const] : [];
  });
  const secret = of("roomsecret")?.[0];
  const isSecret = parseBoolean(of("passwordprotectedroom")?.[0]) ?? secret !== undefined;
  const password = isSecret && secret ? { password: secret } : {};
  return { ...Object.fromEntries(settings), ...password };
}

/** Where nobody knows when it was said it counts from `now`. */
function readSubject(message: Element | undefined, now: number): RoomSubject | undefined {
  const text = message?.childText("subject") ?? "";
  if (message === undefined || text === "") return undefined;
  const at = parseDateTime(message.child("delay", NS.delay)?.attr("stamp") ?? "") ?? now;
  const nick = Jid.tryParse(message.attr("from") ?? "")?.resource ?? "";
  return { text, nick: nick === "" ? null : nick, at };
}

/** Makes the rooms of a document, with their settings and their lists. */
export class RoomImport {
  readonly #core: Core;
  readonly #tally: Tally;
  readonly #isDry: boolean;
  readonly #onConflict: "skip" | "update" | "fail";
  readonly #renamed: (jid: Jid) => Jid;
  /** By the addresses that the document gives them. */
  readonly #taken = new Map<string, { readonly service: RoomService; readonly room: Jid }>();

  constructor(
    core: Core,
    tally: Tally,
    isDry: boolean,
    onConflict: "skip" | "update" | "fail",
    renamed: (jid: Jid) => Jid,
  ) {
    this.#core = core;
    this.#tally = tally;
    this.#isDry = isDry;
    this.#onConflict = onConflict;
    this.#renamed = renamed;
  }

  /** `domain`: of the service that the document names. */
  async take(element: Element, domain: string): Promise<void> {
    const address = `${element.attr("name") ?? ""}@${domain}`;
    const problem = (reason: string): void => this.#tally.problem(address, reason);
    const service = this.#serviceFor(domain);
    if (service === undefined) return problem("there is no service for rooms here that stands for this one");
    const room = Jid.tryParse(`${element.attr("name") ?? ""}@${service.name}`);
    if (room === undefined || room.local === "" || room.resource !== "") return problem("is not the address of a room");
    const isKnown = (await service.read(room.local)) !== null;
    if (isKnown && this.#onConflict === "skip") return;
    if (isKnown && this.#onConflict === "fail") return problem("there is such a room");
    const settings = readRoomSettings(element.child("query", NS_MUC_OWNER)?.child("x", NS.forms));
    const changes = (element.child("query", NS_MUC_ADMIN)?.elements("item") ?? []).flatMap((item) =>
      this.#change(item),
    );
    const owner = changes.find(({ affiliation }) => affiliation === "owner");
    if (!isKnown && owner === undefined) return problem("a room needs an owner");
    if (!this.#isDry) {
      try {
        if (owner === undefined || isKnown) await service.configure(room.local, settings);
        else await service.create(room, Jid.parse(owner.jid), settings);
        const subject = readSubject(element.child("message", NS.client), this.#core.clock.now());
        if (subject !== undefined) await service.setSubject(room.local, subject);
      } catch (error) {
        if (!(error instanceof StanzaError)) throw error;
        return problem(error.text ?? error.condition);
      }
      const { failed } = await affiliateSome(service, room, changes);
      for (const { jid, reason } of failed) problem(`${jid}: ${reason}`);
    }
    this.#tally.items.rooms += 1;
    this.#taken.set(address, { service, room });
  }

  /** For what was said in a room that {@link take} has taken; null: it has not. */
  historyOf(element: Element, domain: string): RoomHistory | null {
    const taken = this.#taken.get(`${element.attr("name") ?? ""}@${domain}`);
    if (taken === undefined) return null;
    return new RoomHistory({ ...taken, tally: this.#tally, isDry: this.#isDry, renamed: this.#renamed });
  }

  /** The service of the same name below the host that takes the accounts, else the first one of that host. */
  #serviceFor(domain: string): RoomService | undefined {
    const services = roomServicesOf(this.#core);
    const dot = domain.indexOf(".");
    const host = this.#renamed(Jid.of("", domain.slice(dot + 1), "")).domain;
    return (
      services.get(`${domain.slice(0, dot)}.${host}`) ??
      services.get(domain) ??
      services.of().find((service) => service.host.name === host)
    );
  }

  #change(item: Element): AffiliationWish[] {
    const affiliation = RoomAffiliation.safeParse(item.attr("affiliation"));
    const jid = Jid.tryParse(item.attr("jid") ?? "")?.toBare();
    if (!affiliation.success || jid === undefined) return [];
    const reason = item.childText("reason");
    return [{ jid: this.#renamed(jid).bare, affiliation: affiliation.data, ...(reason ? { reason } : {}) }];
  }
}
