"use client";

import { ArrowRight } from "lucide-react";
import { useTranslations } from "use-intl";
import { Select } from "@/components/ui/select.tsx";
import { visible } from "@/lib/format/visible.ts";

interface Props {
  map: Record<string, string>;
  served: readonly string[];
  onChange: (map: Record<string, string>) => void;
}

/** Which host of ours takes the accounts of each host of theirs. */
export function HostMap({ map, served, onChange }: Props) {
  const t = useTranslations("imports");
  return (
    <div>
      <p className="mb-1 font-medium">{t("hosts")}</p>
      <ul className="flex flex-col gap-2">
        {Object.entries(map).map(([from, to]) => (
          <li key={from} className="flex flex-wrap items-center gap-2">
            <bdi className="min-w-40 font-mono text-meta wrap-anywhere">{visible(from)}</bdi>
            <ArrowRight aria-hidden className="size-3.5 text-ink-3" />
            <Select
              aria-label={t("hostFor", { host: visible(from) })}
              value={to}
              onChange={(event) => onChange({ ...map, [from]: event.target.value })}
              className="w-64 max-w-full"
            >
              {served.includes(from) ? null : <option value="">{t("noHost")}</option>}
              {served.map((host) => (
                <option key={host} value={host}>
                  {host}
                </option>
              ))}
            </Select>
          </li>
        ))}
      </ul>
      <p className="mt-1 text-meta text-ink-3">{t("hostsHelp")}</p>
    </div>
  );
}
