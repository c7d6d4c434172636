"use client";

import { useQueries } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Skeleton } from "@/components/ui/skeleton.tsx";
import { api } from "@/lib/api/client.ts";
import type { UserDetail } from "@/lib/contracts/users.ts";

const latest = 20;

/** The state of an account to send to whoever helps: no message, no contact, no address, no token. */
export function Diagnostics({ user }: { user: UserDetail }) {
  const t = useTranslations("users");
  const { jid } = user;
  const [sessions, clients, devices, forwards, rooms] = useQueries({
    queries: [
      api.sessions.list.queryOptions({ input: { search: jid, limit: 100 } }),
      api.users.clients.queryOptions({ input: { jid } }),
      api.devices.list.queryOptions({ input: { user: jid, limit: 100 } }),
      api.forward.list.queryOptions({ input: { user: jid, limit: latest } }),
      api.rooms.ofUser.queryOptions({ input: { jid } }),
    ],
  });
  const isPending = [sessions, clients, devices, forwards, rooms].some((query) => query.isPending);
  const { roster, createdFrom: _from, ...account } = user;
  const text = JSON.stringify(
    {
      account: { ...account, contacts: roster.length },
      sessions: sessions.data?.items
        .filter((session) => session.jid.startsWith(`${jid}/`))
        .map(({ address: _address, status: _status, ...session }) => session),
      clients: clients.data?.items.map(({ address: _address, sessions: own, ...client }) => ({
        ...client,
        sessions: own.length,
      })),
      devices: devices.data?.items.map(({ kind, state, target, failures }) => ({ kind, state, target, failures })),
      forwards: forwards.data?.items.map(({ id, target, state, attempts, status, error, createdAt }) => ({
        id,
        target,
        state,
        attempts,
        status,
        error,
        createdAt,
      })),
      rooms: rooms.data?.items.length,
    },
    null,
    2,
  );
  return (
    <Panel title={t("diagnostics")} {...(isPending ? {} : { action: <CopyButton text={text} /> })}>
      <p className="mb-3 text-ink-2">{t("diagnosticsText")}</p>
      {isPending ? (
        <Skeleton className="h-40 w-full" />
      ) : (
        <pre
          tabIndex={0}
          aria-label={t("diagnostics")}
          className="max-h-80 overflow-auto rounded-control bg-sunken px-3 py-2 font-mono text-meta leading-5"
        >
          {text}
        </pre>
      )}
    </Panel>
  );
}
