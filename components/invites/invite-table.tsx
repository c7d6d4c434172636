"use client";

import { useTranslations } from "use-intl";
import { useActorText } from "@/components/kit/audit-words.ts";
import { type Column, DataTable } from "@/components/kit/data-table.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { May } from "@/components/kit/may.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { Badge, type Tone } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import type { Invite } from "@/lib/contracts/invites.ts";
import { visible } from "@/lib/format/visible.ts";
import { useGiftText } from "./gift-text.ts";
import { stepOf } from "./invite-step.ts";

const tones: Record<ReturnType<typeof stepOf>, Tone> = {
  unused: "ok",
  opened: "ok",
  some: "ok",
  used: "neutral",
  expired: "neutral",
  revoked: "warn",
};

/** What an invite is for: an address, or any account of its host. */
export function InviteObject({ invite }: { invite: Pick<Invite, "local" | "host" | "inviter" | "kind"> }) {
  const { kind, local, host, inviter } = invite;
  return (
    <JidText jid={kind === "contact" && inviter !== null ? inviter : local === null ? host : `${local}@${host}`} />
  );
}

interface Props {
  invites: readonly Invite[];
  onOpen: (invite: Invite) => void;
  onRevoke: (invite: Invite) => void;
}

export function InviteTable({ invites, onOpen, onRevoke }: Props) {
  const t = useTranslations();
  const actorText = useActorText();
  const giftText = useGiftText();
  const columns: Column<Invite>[] = [
    {
      id: "object",
      header: t("invites.columns.object"),
      render: (invite) => (
        <span className="min-w-0">
          <button
            type="button"
            className="min-h-6 font-medium underline-offset-2 hover:underline"
            onClick={() => onOpen(invite)}
          >
            <InviteObject invite={invite} />
          </button>
          {invite.note === "" ? null : (
            <bdi className="block max-w-64 truncate text-meta text-ink-3">{visible(invite.note)}</bdi>
          )}
        </span>
      ),
    },
    { id: "kind", header: t("invites.columns.kind"), render: ({ kind }) => t(`invites.kinds.${kind}`) },
    {
      id: "state",
      header: t("invites.columns.state"),
      render: (invite) => {
        const step = stepOf(invite);
        return <Badge tone={tones[step]}>{t(`invites.steps.${step}`)}</Badge>;
      },
    },
    {
      id: "uses",
      header: t("invites.columns.uses"),
      isNumber: true,
      className: "whitespace-nowrap",
      render: ({ uses, maxUses }) => t("invites.usesOf", { uses, maxUses }),
    },
    {
      id: "gifts",
      header: t("invites.columns.gifts"),
      render: (invite) => <bdi>{giftText(invite)}</bdi>,
    },
    { id: "opened", header: t("invites.columns.opened"), render: ({ openedAt }) => <TimeText at={openedAt} /> },
    { id: "by", header: t("invites.columns.by"), render: ({ createdBy }) => <bdi>{actorText(createdBy)}</bdi> },
    { id: "expires", header: t("invites.columns.expires"), render: ({ expiresAt }) => <TimeText at={expiresAt} /> },
    {
      id: "actions",
      header: t("common.actions"),
      isBare: true,
      render: (invite) =>
        invite.state === "open" ? (
          <May call="invites.revoke" host={invite.host}>
            <Button size="sm" variant="danger-quiet" onClick={() => onRevoke(invite)}>
              {t("invites.revoke")}
            </Button>
          </May>
        ) : null,
    },
  ];
  return (
    <DataTable
      name="invites"
      label={t("invites.title")}
      columns={columns}
      rows={invites}
      rowKey={(invite) => invite.id}
      onOpen={onOpen}
    />
  );
}
