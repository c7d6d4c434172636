"use client";

import { useTranslations } from "use-intl";
import { choiceTerm, type FilterTerm } from "./filter-terms.ts";
import { useHost } from "./use-host.ts";
import { useHosts } from "./use-hosts.ts";

/** `host:a.example`, which is what the switcher at the top sets. */
export function useHostTerm(): FilterTerm {
  const t = useTranslations("common");
  const [host, setHost] = useHost();
  const hosts = useHosts();
  return choiceTerm({
    name: "host",
    label: t("host"),
    value: host,
    options: hosts.map((name) => [name, name] as const),
    set: (name) => void setHost(name),
    isShown: true,
  });
}
