"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { PageHeader } from "@/components/kit/page-header.tsx";
import { Link } from "@/components/ui/link.tsx";
import { api } from "@/lib/api/client.ts";
import { visible } from "@/lib/format/visible.ts";
import { QueueActions } from "./queue-actions.tsx";

const refreshMs = 10_000;

export function QueueHeader({ jid }: { jid: string }) {
  const t = useTranslations("offline");
  const queue = useQuery(
    api.offline.queues.queryOptions({ input: { search: jid, order: "jid", limit: 50 }, refetchInterval: refreshMs }),
  );
  const online = queue.data?.items.find((one) => one.jid === jid)?.online ?? 0;
  return (
    <PageHeader
      title={t("queueOf", { jid: visible(jid) })}
      lead={
        <Link
          href={`/users/account?jid=${encodeURIComponent(jid)}`}
          className="text-accent underline-offset-2 hover:underline"
        >
          {t("openAccount")}
        </Link>
      }
      actions={<QueueActions jid={jid} online={online} />}
    />
  );
}
