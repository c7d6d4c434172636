"use client";

import { Check, Circle } from "lucide-react";
import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import type { FirstStep, Overview } from "@/lib/contracts/server.ts";
import { useStored } from "@/lib/format/stored.ts";

/** Where each of them is taken. */
const places: Readonly<Record<FirstStep, string>> = {
  user: "/users?create=1",
  target: "/forward/targets?create=1",
  forwarded: "/forward",
  push: "/forward/targets?create=1",
  certificate: "/certificates",
  backup: "/backups",
  admin: "/settings?tab=roles",
  factor: "/settings",
};
const steps = Object.keys(places) as FirstStep[];

/** First steps on a new server. Goes away for good when all are done, or when it is dismissed. */
export function Checklist({ overview }: { overview: Overview }) {
  const t = useTranslations("setup.checklist");
  const [dismissed, setDismissed] = useStored<"yes" | "no">("nightpost.checklist", "no");
  const isDone = overview.openSteps.length === 0;
  useEffect(() => {
    if (isDone && dismissed === "no") setDismissed("yes");
  }, [isDone, dismissed, setDismissed]);
  if (isDone || dismissed === "yes") return null;

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
      <ul className="grid gap-px overflow-hidden rounded-b-panel bg-line sm:grid-cols-2 lg:grid-cols-4">
        {steps.map((name) => (
          <Step key={name} name={name} isDone={!overview.openSteps.includes(name)} />
        ))}
      </ul>
    </Panel>
  );
}

function Step({ name, isDone }: { name: FirstStep; isDone: boolean }) {
  const t = useTranslations("setup.checklist");
  return (
    <li className="flex items-start gap-2.5 bg-surface p-4">
      {isDone ? (
        <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
      ) : (
        <Circle aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" />
      )}
      <div>
        {isDone ? (
          <p className="text-ink-3">
            {t(`${name}.title`)} <span className="sr-only">{t("done")}</span>
          </p>
        ) : (
          <Link href={places[name]} className="font-medium underline-offset-2 hover:underline">
            {t(`${name}.title`)}
          </Link>
        )}
        <p className="text-meta text-ink-3">{t(`${name}.text`)}</p>
      </div>
    </li>
  );
}
