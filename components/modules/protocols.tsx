"use client";

import { useTranslations } from "use-intl";
import { Facts } from "@/components/kit/facts.tsx";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Badge } from "@/components/ui/badge.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import type { Module } from "@/lib/contracts/modules.ts";
import { moduleHref, xepName } from "./module-words.tsx";

/** What a module implements, and what it needs. */
export function Protocols({ module: { xeps, rfcs, requires } }: { module: Module }) {
  const t = useTranslations("modules");
  const sentence = useSentence();
  return (
    <Panel title={t("protocols")}>
      <div className="flex flex-col gap-4">
        {xeps.length + rfcs.length === 0 ? <p className="text-ink-2">{t("noProtocols")}</p> : null}
        <ul className="flex flex-wrap gap-x-6 gap-y-2">
          {xeps.map(({ number, version, status, note }) => (
            <li key={number} className="max-w-sm">
              <a
                href={`https://xmpp.org/extensions/xep-${String(number).padStart(4, "0")}.html`}
                target="_blank"
                rel="noreferrer"
                className="text-accent underline underline-offset-2"
              >
                {xepName(number)}
              </a>{" "}
              <span className="font-mono text-meta text-ink-3">{version}</span>{" "}
              {status === "partial" ? <Badge>{t("partial")}</Badge> : null}
              {note === "" ? null : <span className="block text-meta text-ink-3">{sentence(note)}</span>}
            </li>
          ))}
          {rfcs.map((rfc) => (
            <li key={rfc} className="text-ink-2">
              {rfc}
            </li>
          ))}
        </ul>
        {requires.length === 0 ? null : (
          <Facts
            facts={[
              [
                t("requires"),
                <span key="requires" className="flex flex-wrap gap-x-3">
                  {requires.map((name) => (
                    <Link key={name} href={moduleHref(name)} className="text-accent underline-offset-2 hover:underline">
                      {name}
                    </Link>
                  ))}
                </span>,
              ],
            ]}
          />
        )}
      </div>
    </Panel>
  );
}
