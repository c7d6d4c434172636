"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useJoints } from "@/components/kit/joints.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { Link } from "@/components/ui/link.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import { visible } from "@/lib/format/visible.ts";

/** The account's roles in the console, and where they hold. */
export function RolesPanel({ jid }: { jid: string }) {
  const t = useTranslations();
  const { colon, comma } = useJoints();
  const may = useMay();
  const roles = useQuery(api.roles.of.queryOptions({ input: { jid }, enabled: may("roles.of") }));
  if (!may("roles.of")) return null;
  return (
    <Panel
      title={t("roles.title")}
      action={
        <Link href="/settings?tab=roles" className="text-meta text-accent underline-offset-2 hover:underline">
          {t("roles.members")}
        </Link>
      }
    >
      {roles.data?.items.length ? (
        <ul className="flex flex-wrap gap-2">
          {roles.data.items.map(({ role, hosts }) => (
            <li key={role}>
              <Badge>
                {visible(role)}
                {colon}
                {hosts === null ? t("common.allHosts") : visible(hosts.join(comma))}
              </Badge>
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-ink-3">{t("roles.noRole")}</p>
      )}
    </Panel>
  );
}
