import { z } from "zod";
import { defineModule } from "../../core/module.ts";
import { type FileLimits, type FileRefusal, uploadedFilesOf } from "../../features/uploads/uploaded-files.ts";
import { formatDateTime } from "../../xmpp/datetime.ts";
import { el } from "../../xmpp/element.ts";
import { StanzaError } from "../../xmpp/errors.ts";
import { NS } from "../../xmpp/namespaces.ts";
import { isNamed, NS_PURPOSE, NS_UPLOAD, readRequest } from "./request.ts";
import { S3Place } from "./s3-place.ts";
import { S3Settings } from "./s3-settings.ts";

const mebibyte = 1024 * 1024;
const gibibyte = 1024 * mebibyte;
const tebibyte = 1024 * gibibyte;
const dayMs = 86_400_000;
const pruneMs = 60_000;
/** Slots of one account that wait for their files at the same time. */
const maxSlots = 50;
/** When the disk is full, somebody has to make room first. */
const fullMs = 10 * 60_000;

const refusals = {
  slots: "too many uploads are waited for",
  day: "you have uploaded as much as may be in a day",
  account: "your files take as much room as they may",
  host: "the files of this server take as much room as they may",
} as const satisfies Record<FileRefusal["outcome"], string>;

export const upload = defineModule({
  name: "upload",
  summary: "Takes files from users over HTTP and gives them to whoever has the link.",
  xeps: [{ number: 363, version: "1.2.0", note: "With the purposes message and ephemeral." }],
  options: z.strictObject({
    host: z.string().default("upload.@HOST@").describe("Address of the service; @HOST@ stands for the host."),
    name: z.string().max(100).default("HTTP File Upload").describe("Name of the service for people."),
    access: z.string().min(1).max(64).default("local").describe("Access rule: which accounts of the host may upload."),
    max_file_bytes: z
      .int()
      .min(1)
      .max(100 * gibibyte)
      .default(100 * mebibyte)
      .describe("Size of one file."),
    max_bytes: z
      .int()
      .min(1)
      .max(100 * tebibyte)
      .default(gibibyte)
      .describe("Size of all files of one account."),
    max_bytes_a_day: z
      .int()
      .min(1)
      .max(100 * tebibyte)
      .default(512 * mebibyte)
      .describe("What one account may upload within 24 hours."),
    max_host_bytes: z
      .int()
      .min(1)
      .max(1000 * tebibyte)
      .default(100 * gibibyte)
      .describe("Size of all files of the host."),
    keep_days: z.int().min(1).max(36_500).default(30).describe("How long a file is kept, from its request on."),
    refused_types: z
      .array(
        z
          .string()
          .max(255)
          .regex(/^[a-z0-9!#$&^_.+-]+\/(?:\*|[a-z0-9!#$&^_.+-]+)$/, "expected a type such as video/mp4 or video/*"),
      )
      .max(100)
      .default([])
      .describe("Media types that are not taken, such as `text/html` or `video/*`, by what clients say."),
    s3: S3Settings.nullable()
      .default(null)
      .describe("An S3-compatible store that new files go to; null: the directory `uploads` in the data directory."),
  }),
  start(ctx) {
    const { core, host, options } = ctx;
    const files = uploadedFilesOf(core);
    const service = ctx.service(options.host, options.name);
    if (service === null) return;

    service.identity({ category: "store", type: "file", name: options.name });
    for (const feature of [NS_UPLOAD, `${NS_PURPOSE}#message`, `${NS_PURPOSE}#ephemeral`]) service.feature(feature);
    const field = (name: string, value: string, type?: string) =>
      el("field", NS.forms, { var: name, type }, el("value", NS.forms, undefined, value));
    service.extendedInfo(
      el(
        "x",
        NS.forms,
        { type: "result" },
        field("FORM_TYPE", NS_UPLOAD, "hidden"),
        field("max-file-size", String(options.max_file_bytes)),
      ),
    );

    const limits: FileLimits = {
      maxSlots,
      maxBytes: options.max_bytes,
      maxBytesADay: options.max_bytes_a_day,
      maxBytesOfHost: options.max_host_bytes,
    };
    const maxFileBytes = options.max_file_bytes;
    const keepMs = options.keep_days * dayMs;
    const place = options.s3 === null ? null : new S3Place(options.s3, ctx.log);
    ctx.onStop(() => place?.close());
    ctx.onStop(files.addService(host.name, { limits, maxFileBytes, keepMs, place }));
    const retryAt = (at: number) => el("retry", NS_UPLOAD, { stamp: formatDateTime(at) });

    service.iq("host", "get", [NS_UPLOAD, "request"], async (iq, { from }) => {
      if (from.domain !== host.name || from.local === "")
        throw StanzaError.of("not-allowed", `only accounts of ${host.name} upload here`);
      const user = from.toBare();
      if (!core.policy.allows(options.access, { jid: user, ip: null, host: host.name }))
        throw StanzaError.of("forbidden", "you may not upload files");
      if (!files.isServed) throw StanzaError.of("service-unavailable");
      const { name, size, mediaType, expireBefore } = readRequest(iq.payload!);
      if (size > options.max_file_bytes) {
        const max = el("max-file-size", NS_UPLOAD, undefined, String(options.max_file_bytes));
        throw StanzaError.of("not-acceptable", `a file may have ${options.max_file_bytes} bytes`, {
          app: el("file-too-large", NS_UPLOAD, undefined, max),
        });
      }
      if (isNamed(mediaType, options.refused_types))
        throw StanzaError.of("not-acceptable", `files of the type ${mediaType} are not taken`);
      const now = core.clock.now();
      const keptMs = Math.min(keepMs, expireBefore === null ? Infinity : expireBefore - now);
      if (keptMs <= 0) throw StanzaError.of("bad-request", "expire-before is over");
      if (!files.hasRoomFor(host.name, size))
        throw StanzaError.of("resource-constraint", "the server has no room", { app: retryAt(now + fullMs) });

      const slot = await files.reserve({ user, name, mediaType, size, keepMs: keptMs }, limits);
      if ("put" in slot) {
        const { put, get } = slot;
        return el("slot", NS_UPLOAD, undefined, el("put", NS_UPLOAD, { url: put }), el("get", NS_UPLOAD, { url: get }));
      }
      // More than fits at all comes to nothing later either.
      const isHopeless = slot.retryAt === null && slot.outcome !== "host";
      throw StanzaError.of("resource-constraint", refusals[slot.outcome], {
        type: isHopeless ? "cancel" : "wait",
        ...(slot.retryAt === null ? {} : { app: retryAt(slot.retryAt) }),
      });
    });

    ctx.every(pruneMs, async () => {
      await files.prune(ctx.signal);
    });
  },
});
