import { oc } from "@orpc/contract";
import { z } from "zod";
import { permissions } from "./permissions.ts";

export type Permission = (typeof permissions)[number];
export const PermissionSchema = z.enum(permissions);

export interface EndpointMeta {
  /** `public`: no session needed; `self`: any signed-in actor, about themselves. */
  permission: Permission | "public" | "self";
  /** Name of the audit action. Every entry that changes something has one; the row is written with the change. */
  audit?: string;
  /** Name of the input field that holds the virtual host (or a JID on it), so that a host admin is held to their hosts. */
  host?: string;
  /** Without that field the verb answers for the actor's hosts only. Everything else is refused to a host admin. */
  filtered?: true;
}

const base = oc.$meta<EndpointMeta>({ permission: "server:read" });

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One entry of the admin API: REST route plus the permission and audit facts that the dispatcher enforces. */
export function endpoint(method: Method, path: `/${string}`, meta: EndpointMeta, summary: string) {
  const tag = path.split("/")[1] ?? "server";
  return base.route({ method, path, summary, tags: [tag], inputStructure: "compact" }).meta(meta);
}

/** Secrets go in and never come out: schemas marked so are kept out of audit rows, logs and revisions. */
export const secret = <T extends z.ZodType>(schema: T): T => schema.meta({ secret: true });

export const PageInput = z.object({
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.number().int().nullable() });

/** RFC 3339 UTC with milliseconds. */
export const Timestamp = z.iso.datetime();
export const HostName = z.string().min(1).max(1023);
export const JidText = z.string().min(1).max(3071);
export const Done = z.object({ ok: z.literal(true) });
