"use client";

import { useRouter } from "next/navigation";
import { useFormatter, useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Badge } from "@/components/ui/badge.tsx";
import { Link } from "@/components/ui/link.tsx";
import type { ModuleSummary } from "@/lib/contracts/modules.ts";
import { moduleHref, stateOf, tones, xepName } from "./module-words.tsx";

const shownXeps = 4;

export function ModuleTable({ modules }: { modules: ModuleSummary[] }) {
  const t = useTranslations("modules");
  const sentence = useSentence();
  const format = useFormatter();
  const router = useRouter();
  return (
    <DataTable
      name="modules"
      label={t("title")}
      rows={modules}
      rowKey={(module) => module.name}
      onOpen={(module) => router.push(moduleHref(module.name))}
      columns={[
        {
          id: "name",
          header: t("columns.name"),
          className: "max-w-[560px]",
          render: (module) => (
            <span className="flex min-w-0 flex-col py-1">
              <span className="inline-flex items-center gap-2">
                <Link href={moduleHref(module.name)} className="font-medium underline-offset-2 hover:underline">
                  {module.name}
                </Link>
                {module.source === "operator" ? <Badge tone="violet">{t("operator")}</Badge> : null}
              </span>
              <span className="text-meta text-ink-3">{sentence(module.summary)}</span>
            </span>
          ),
        },
        {
          id: "state",
          header: t("columns.state"),
          render: (module) => <Badge tone={tones[stateOf(module)]}>{t(`states.${stateOf(module)}`)}</Badge>,
        },
        {
          id: "protocols",
          header: t("columns.protocols"),
          render: ({ xeps }) => (
            <span className="text-meta text-ink-2" title={xeps.map(({ number }) => xepName(number)).join(", ")}>
              {xeps
                .slice(0, shownXeps)
                .map(({ number }) => String(number).padStart(4, "0"))
                .join(" · ")}
              {xeps.length > shownXeps ? ` +${xeps.length - shownXeps}` : ""}
            </span>
          ),
        },
        {
          id: "setting",
          header: t("columns.setting"),
          render: (module) => <SettingText module={module} />,
        },
        {
          id: "errors",
          header: t("columns.errors"),
          isNumber: true,
          render: ({ faults: { errors } }) => (
            <span className={errors > 0 ? "font-medium text-err" : "text-ink-3"}>{format.number(errors)}</span>
          ),
        },
      ]}
    />
  );
}

function SettingText({ module: { setting, hosts } }: { module: ModuleSummary }) {
  const t = useTranslations("modules");
  const { own } = hosts;
  return (
    <span className={setting === null && own === 0 ? "text-ink-3" : undefined}>
      {setting === null ? t("inherited") : t("forAll")}
      {own > 0 ? ` · ${t("own", { count: own })}` : ""}
    </span>
  );
}
