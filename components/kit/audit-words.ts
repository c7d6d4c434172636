"use client";

import { useTranslations } from "use-intl";
import { visible } from "@/lib/format/visible.ts";

/** An entry's object, taken apart where the server wrote words of its own around names and numbers. */
export type AuditObject =
  | { readonly kind: "accounts" | "rules" | "events" | "rooms" | "messages" | "sessions"; readonly count: number }
  | { readonly kind: "revision"; readonly id: string }
  | { readonly kind: "onHost"; readonly name: string; readonly host: string }
  | { readonly kind: "allHosts" | "allModules" | "nothing" }
  | { readonly kind: "name"; readonly name: string };

export function auditObject(text: string): AuditObject {
  if (text === "") return { kind: "nothing" };
  if (text === "all hosts") return { kind: "allHosts" };
  if (text === "all modules") return { kind: "allModules" };
  const [, count, unit] = /^(\d+) (accounts|rules|events|rooms|messages|sessions)$/.exec(text) ?? [];
  if (unit !== undefined)
    return { kind: unit as "accounts" | "rules" | "events" | "rooms" | "messages" | "sessions", count: Number(count) };
  const [, id] = /^revision (\d+)$/.exec(text) ?? [];
  if (id !== undefined) return { kind: "revision", id };
  const [, name, host] = /^(\S+) on (\S+)$/.exec(text) ?? [];
  if (name !== undefined && host !== undefined) return { kind: "onHost", name, host };
  return { kind: "name", name: text };
}

/** What an entry is about, in the reader's language. */
export function useObjectText(): (text: string) => string {
  const t = useTranslations("audit.objects");
  return (text) => {
    const object = auditObject(text);
    switch (object.kind) {
      case "accounts":
      case "rules":
      case "events":
      case "rooms":
      case "messages":
      case "sessions":
        return t(object.kind, { count: object.count });
      case "revision":
        return t("revision", { id: object.id });
      case "onHost":
        return t("onHost", { name: visible(object.name), host: visible(object.host) });
      case "allHosts":
      case "allModules":
        return t(object.kind);
      case "nothing":
        return "—";
      default:
        return visible(object.name);
    }
  };
}

/** Who did it: accounts and keys by their name, the server's own hands in the reader's language. */
export function useActorText(): (actor: string) => string {
  const t = useTranslations("audit.actors");
  return (actor) => {
    if (actor === "control socket") return t("control");
    if (actor === "nightpost") return t("server");
    return actor === "configuration" ? t("configuration") : visible(actor);
  };
}
