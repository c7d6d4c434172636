"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import { useTranslations } from "use-intl";
import { Link } from "@/components/ui/link.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { Finding } from "@/lib/contracts/doctor.ts";
import { cn } from "@/lib/format/cn.ts";
import { hostHref } from "./host-href.ts";

const marks = {
  error: { icon: CircleAlert, tone: "text-err" },
  warning: { icon: TriangleAlert, tone: "text-warn" },
  note: { icon: Info, tone: "text-ink-2" },
  ok: { icon: CircleCheck, tone: "text-ok" },
};
const worstFirst = Object.keys(marks) as Finding["state"][];

/** What the last examination found out about a host's names in the DNS; asking anew for every row would flood it. */
export function NamesMark({ host }: { host: string }) {
  const t = useTranslations("hosts.namesStates");
  const may = useMay();
  const doctor = useQuery(api.doctor.get.queryOptions({ enabled: may("doctor.get"), staleTime: 60_000 }));
  const found = (doctor.data?.examination?.findings ?? []).filter(
    ({ group, subject }) => group === "dns" && subject === host,
  );
  const worst = worstFirst.find((each) => found.some(({ state }) => state === each));
  if (worst === undefined) return <span className="text-ink-3">{t("unknown")}</span>;
  const { icon: Icon, tone } = marks[worst];
  return (
    <Link
      href={hostHref(host)}
      className={cn("inline-flex items-center gap-1.5 underline-offset-2 hover:underline", tone)}
    >
      <Icon aria-hidden className="size-3.5" />
      {t(worst)}
    </Link>
  );
}
