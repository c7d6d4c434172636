"use client";

import { useTranslations } from "use-intl";
import { JidText } from "@/components/kit/jid-text.tsx";

const shown = 5;

/** Whom a dialog is about: the first few by name, the rest by number. */
export function NameList({ jids }: { jids: string[] }) {
  const t = useTranslations("users");
  return (
    <ul className="rounded-control bg-sunken px-3 py-2">
      {jids.slice(0, shown).map((jid) => (
        <li key={jid}>
          <JidText jid={jid} />
        </li>
      ))}
      {jids.length > shown ? <li className="text-ink-3">{t("andMore", { count: jids.length - shown })}</li> : null}
    </ul>
  );
}
