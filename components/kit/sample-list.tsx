"use client";

import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { JidText } from "./jid-text.tsx";

interface Props<Item> {
  /** How many there are, of which these are some. */
  matching: number;
  sample: readonly Item[];
  /** What stands behind the address. */
  note: (item: Item) => ReactNode;
}

/** Some of the many that a dialog is about. */
export function SampleList<Item extends { jid: string }>({ matching, sample, note }: Props<Item>) {
  const t = useTranslations("bulk");
  return (
    <ul className="divide-y divide-line border-y border-line empty:hidden">
      {sample.map((item) => (
        <li key={item.jid} className="flex flex-wrap justify-between gap-x-4 py-1.5">
          <JidText jid={item.jid} />
          <span className="text-meta text-ink-3">{note(item)}</span>
        </li>
      ))}
      {matching > sample.length ? (
        <li className="py-1.5 text-ink-3">{t("more", { count: matching - sample.length })}</li>
      ) : null}
    </ul>
  );
}
