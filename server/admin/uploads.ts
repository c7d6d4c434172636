import type { contract } from "../../lib/contracts/index.ts";
import { negated } from "../../lib/contracts/negation.ts";
import type { UploadedFile } from "../../lib/contracts/uploads.ts";
import { uploadedFilesOf } from "../features/uploads/uploaded-files.ts";
import type { FileRow } from "../storage/ports.ts";
import { accountJid, hostName } from "./address.ts";
import { refused } from "./errors.ts";
import type { Admin } from "./parts.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";
import type { Verbs } from "./verbs.ts";

const dayMs = 86_400_000;

export function uploads({ core, events }: Admin): Verbs<typeof contract.uploads> {
  const { stores, clock, disk, log, policy } = core;
  const files = uploadedFilesOf(core);

  const describe = ({ id, host, local, name, mediaType, size, place, ...times }: FileRow): UploadedFile => {
    const { createdAt, storedAt, endsAt } = times;
    const isOver = endsAt <= clock.now();
    return {
      id,
      user: `${local}@${host}`,
      host,
      name,
      mediaType,
      bytes: size,
      state: isOver ? "ended" : storedAt === null ? "waiting" : "stored",
      place,
      createdAt: timestamp(createdAt),
      storedAt: timestampOrNull(storedAt),
      endsAt: timestamp(endsAt),
    };
  };

  /** What has ended is out of reach at once; the bytes go now rather than with the next round. */
  const prune = (): void => {
    files.prune().catch((error: unknown) => log.for("files").error("files were not deleted", { error: String(error) }));
  };

  return {
    async list({ host, user, search, state, not, cursor, limit }, call) {
      const account = user === undefined ? undefined : accountJid(core, user);
      if (account !== undefined) call.keepTo(account.domain);
      const asked = account?.domain ?? (host === undefined ? undefined : hostName(host));
      const isNotState = negated({ not }).has("state");
      const filter = { hosts: call.hosts(asked), local: account?.local, search, state, isNotState, now: clock.now() };
      const page = await stores.files.list(filter, { cursor, limit });
      return { ...page, items: page.items.map(describe) };
    },

    async services(_input, call) {
      const usage = new Map((await stores.files.usageOfHosts()).map((one) => [one.host, one]));
      const hosts = call.hosts() ?? Object.keys(policy.document.hosts);
      const items = hosts.map((host) => {
        const service = files.service(host);
        const { bytes = 0, files: count = 0 } = usage.get(host) ?? {};
        return {
          host,
          bytes,
          files: count,
          place: service === undefined ? null : (service.place?.name ?? ("disk" as const)),
          limits:
            service === undefined
              ? null
              : {
                  fileBytes: service.maxFileBytes,
                  accountBytes: service.limits.maxBytes,
                  accountBytesADay: service.limits.maxBytesADay,
                  hostBytes: service.limits.maxBytesOfHost,
                },
          keepDays: service === undefined ? null : Math.round(service.keepMs / dayMs),
        };
      });
      return { items, freeBytes: Number.isFinite(disk.freeBytes) ? disk.freeBytes : null };
    },

    async accounts({ host, cursor, limit }, call) {
      const hosts = call.hosts(host === undefined ? undefined : hostName(host));
      const page = await stores.files.usageOfAccounts(hosts, { cursor, limit });
      const items = page.items.map(({ host: domain, local, bytes, files: count, newestAt }) => ({
        user: `${local}@${domain}`,
        bytes,
        files: count,
        newestAt: timestamp(newestAt),
      }));
      return { ...page, items };
    },

    async remove({ id }, call) {
      const file = await stores.files.find(id);
      if (file === null || file.endsAt === 0) throw refused("not-found", "file-missing", { id });
      call.keepTo(file.host);
      const { host, local, name, size } = file;
      call.note(`${local}@${host}`, { file: id, name, bytes: size });
      await stores.files.end([id]);
      prune();
      events.publish("uploads", null, call.author);
      return { ok: true };
    },

    async removeOf({ jid: text }, call) {
      const jid = accountJid(core, text);
      const ended = await stores.files.endOf(jid.domain, jid.local);
      call.note(jid.bare, ended);
      prune();
      events.publish("uploads", null, call.author);
      return ended;
    },

    async purge(_input, call) {
      const removed = await files.prune();
      call.note("", { removed });
      events.publish("uploads", null, call.author);
      return { removed };
    },
  };
}
