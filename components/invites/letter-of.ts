import { createTranslator } from "use-intl/core";
import type { MadeInvite } from "@/lib/contracts/invites.ts";
import type { Locale } from "@/lib/i18n/locales.ts";
import { en, zh } from "@/lib/i18n/messages/invites.ts";

const texts = { en, "zh-CN": zh } satisfies Record<Locale, unknown>;

/** What to write to whoever gets an invite, in their language, which need not be the reader's. Dates are UTC. */
export function letterOf(invite: MadeInvite, locale: Locale): { subject: string; body: string } {
  const t = createTranslator({ locale, messages: texts[locale] });
  const { kind, host, local, inviter, maxUses, expiresAt, url, uri, token } = invite;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
  const values = {
    host,
    local: local ?? "",
    inviter: inviter ?? host,
    maxUses,
    link: url ?? uri ?? token,
    until: `${date.format(Date.parse(expiresAt))} UTC`,
  };
  return { subject: t(`letterSubject.${kind}`, values), body: t(`letterBody.${kind}`, values) };
}
