"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useLocale, useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { XmlView } from "@/components/kit/xml-view.tsx";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { UserDetail, UserRaw } from "@/lib/contracts/users.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import { visible } from "@/lib/format/visible.ts";
import { Diagnostics } from "./diagnostics.tsx";

/** What the account keeps on the server, as its clients wrote it. Looking at it is a row of the audit log. */
export function RawTab({ user }: { user: UserDetail }) {
  const t = useTranslations("users");
  const may = useMay();
  const [isShown, setShown] = useState(false);
  const { jid, host } = user;
  const raw = useQuery(api.users.raw.queryOptions({ input: { jid }, enabled: isShown, staleTime: Infinity }));
  return (
    <div className="flex flex-col gap-5">
      <Diagnostics user={user} />
      {isShown ? (
        <QueryView query={raw} skeleton={<TableSkeleton rows={6} columns={2} />}>
          {(data) => <Kept data={data} />}
        </QueryView>
      ) : (
        <Panel title={t("raw")}>
          <p className="text-ink-2">{t(may("users.raw", host) ? "rawText" : "rawNotForYou")}</p>
          {may("users.raw", host) ? (
            <Button className="mt-3" onClick={() => setShown(true)}>
              {t("rawShow")}
            </Button>
          ) : null}
        </Panel>
      )}
    </div>
  );
}

function Kept({ data: { vcard, privates, nodes, blocked } }: { data: UserRaw }) {
  const t = useTranslations("users");
  const format = useFormatter();
  const locale = useLocale();
  const nothing = <p className="px-4 py-4 text-ink-2">{t("rawNothing")}</p>;
  return (
    <>
      <Panel title={t("vcard")} flush={vcard === null} {...(vcard ? { action: <CopyButton text={vcard} /> } : {})}>
        {vcard ? <XmlView label={t("vcard")} text={vcard} /> : nothing}
      </Panel>
      <Panel
        title={t("privateXml")}
        flush={privates.length === 0}
        {...(privates.length > 0 ? { action: <CopyButton text={privates.join("\n")} /> } : {})}
      >
        {privates.length === 0
          ? nothing
          : privates.map((xml, index) => <XmlView key={index} label={t("privateXml")} text={xml} />)}
      </Panel>
      <Panel title={t("nodes")} flush>
        {nodes.length === 0 ? (
          nothing
        ) : (
          <DataTable
            label={t("nodes")}
            rows={nodes}
            rowKey={({ node }) => node}
            columns={[
              {
                id: "node",
                header: t("nodeColumns.node"),
                render: ({ node }) => <bdi className="font-mono text-meta wrap-anywhere">{visible(node)}</bdi>,
              },
              {
                id: "items",
                header: t("nodeColumns.items"),
                isNumber: true,
                render: ({ items }) => format.number(items),
              },
              {
                id: "bytes",
                header: t("nodeColumns.bytes"),
                isNumber: true,
                render: ({ bytes }) => formatBytes(bytes, locale),
              },
              {
                id: "created",
                header: t("columns.created"),
                render: ({ createdAt }) => <TimeText at={createdAt} />,
              },
              {
                id: "config",
                header: t("nodeColumns.config"),
                render: ({ config }) => (
                  <code className="font-mono text-meta wrap-anywhere text-ink-2">{visible(config)}</code>
                ),
              },
            ]}
          />
        )}
      </Panel>
      <Panel title={t("blocked")} flush>
        {blocked.length === 0 ? (
          nothing
        ) : (
          <ul className="divide-y divide-line">
            {blocked.map((jid) => (
              <li key={jid} className="px-4 py-1.5">
                <bdi className="wrap-anywhere">{visible(jid)}</bdi>
              </li>
            ))}
          </ul>
        )}
      </Panel>
    </>
  );
}
