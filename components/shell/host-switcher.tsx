"use client";

import { useTranslations } from "use-intl";
import { useHost } from "@/components/kit/use-host.ts";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { Select } from "@/components/ui/select.tsx";

export function HostSwitcher() {
  const t = useTranslations("common");
  const [host, setHost] = useHost();
  const hosts = useHosts();
  const names = host && !hosts.includes(host) ? [...hosts, host] : hosts;
  return (
    <Select
      aria-label={t("host")}
      value={host ?? ""}
      onChange={(event) => void setHost(event.target.value || null)}
      className="w-44 max-sm:w-34"
    >
      <option value="">{t("allHosts")}</option>
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Select>
  );
}
