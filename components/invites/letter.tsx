"use client";

import { Mail } from "lucide-react";
import { useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import type { MadeInvite } from "@/lib/contracts/invites.ts";
import { isLocale, localeNames, locales, type Locale } from "@/lib/i18n/locales.ts";
import { letterOf } from "./letter-of.ts";

/** A text to send with an invite, in the language of whoever gets it. */
export function Letter({ invite }: { invite: MadeInvite }) {
  const t = useTranslations("invites");
  const own = useLocale();
  const [locale, setLocale] = useState<Locale>(isLocale(own) ? own : "en");
  const { subject, body } = letterOf(invite, locale);
  return (
    <section className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-medium">{t("letter")}</h3>
        <Segmented
          label={t("letterLanguage")}
          value={locale}
          onChange={setLocale}
          options={locales.map((value) => ({ value, label: localeNames[value] }))}
        />
      </div>
      <div lang={locale} className="rounded-control border border-line bg-sunken">
        <p className="flex items-center gap-2 border-b border-line py-1 pr-1 pl-3">
          <span className="text-ink-3">{t("subject")}</span>
          <bdi className="min-w-0 flex-1 wrap-anywhere">{subject}</bdi>
          <CopyButton text={subject} />
        </p>
        <p className="flex gap-2 py-1 pr-1 pl-3">
          <bdi className="min-w-0 flex-1 py-1 wrap-anywhere whitespace-pre-line">{body}</bdi>
          <CopyButton text={body} label={t("copyLetter")} />
        </p>
      </div>
      <Button asChild size="sm" className="self-start">
        <a href={`mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`}>
          <Mail aria-hidden className="size-3.5" />
          {t("openMail")}
        </a>
      </Button>
    </section>
  );
}
