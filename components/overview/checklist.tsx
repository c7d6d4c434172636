"use client";

import { useQuery } from "@tanstack/react-query";
import { Check, Circle } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useStored } from "@/lib/format/stored.ts";
import type { Overview } from "@/lib/contracts/server.ts";

/** First steps on a new server. Goes away when all are done, or when it is dismissed. */
export function Checklist({ overview }: { overview: Overview }) {
  const t = useTranslations("setup.checklist");
  const [dismissed, setDismissed] = useStored<"yes" | "no">("nightpost.checklist", "no");
  const targets = useQuery(api.forward.targets.queryOptions());
  if (dismissed === "yes" || !targets.data) return null;

  const has = (code: string) => overview.attention.some((item) => item.code === code);
  const steps = [
    { name: "user", isDone: overview.users > 1, href: "/users?create=1" },
    {
      name: "target",
      isDone: targets.data.items.some(({ target }) => target.kind !== "xep0357"),
      href: "/forward/targets?create=1",
    },
    { name: "forwarded", isDone: overview.forward.delivered24h > 0, href: "/forward" },
    { name: "certificate", isDone: !has("self-signed"), href: "/certificates" },
  ] as const;
  if (steps.every((step) => step.isDone)) return null;

  return (
    <Panel
      title={t("title")}
      flush
      action={
        <Button size="sm" variant="ghost" onClick={() => setDismissed("yes")}>
          {t("dismiss")}
        </Button>
      }
    >
      <ul className="grid divide-line max-lg:divide-y lg:grid-cols-4 lg:divide-x">
        {steps.map(({ name, isDone, href }) => (
          <li key={name} className="flex items-start gap-2.5 p-4">
            {isDone ? (
              <Check aria-hidden className="mt-0.5 size-4 text-ok" />
            ) : (
              <Circle aria-hidden className="mt-0.5 size-4 text-ink-3" />
            )}
            <div>
              {isDone ? (
                <p className="text-ink-3">
                  {t(`${name}.title`)} <span className="sr-only">{t("done")}</span>
                </p>
              ) : (
                <Link href={href} className="font-medium underline-offset-2 hover:underline">
                  {t(`${name}.title`)}
                </Link>
              )}
              <p className="text-meta text-ink-3">{t(`${name}.text`)}</p>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
