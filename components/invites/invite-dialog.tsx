"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { JidText } from "@/components/kit/jid-text.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { TimeText } from "@/components/kit/time-text.tsx";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Link } from "@/components/ui/link.tsx";
import { api } from "@/lib/api/client.ts";
import type { Invite } from "@/lib/contracts/invites.ts";
import { visible } from "@/lib/format/visible.ts";
import { useGiftText } from "./gift-text.ts";

/** Who redeemed an invite. */
export function InviteDialog({ invite, onClose }: { invite: Invite | null; onClose: () => void }) {
  const t = useTranslations();
  return (
    <Dialog
      open={invite !== null}
      onOpenChange={(next) => !next && onClose()}
      title={t("invites.redeemedTitle")}
      size="md"
      place="side"
    >
      {invite === null ? null : <Redeemed invite={invite} />}
      <DialogFooter>
        <Button variant="primary" onClick={onClose}>
          {t("common.close")}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

function Redeemed({ invite }: { invite: Invite }) {
  const t = useTranslations("invites");
  const giftText = useGiftText();
  const sentence = useSentence();
  const gifts = giftText(invite);
  const detail = useQuery(api.invites.get.queryOptions({ input: { id: invite.id } }));
  return (
    <DialogBody>
      <QueryView query={detail} skeleton={<TableSkeleton rows={3} columns={2} />}>
        {({ redeemed, createdAt }) => (
          <>
            <p className="text-ink-2">
              {t("createdAt")} <TimeText at={createdAt} as="full" />
            </p>
            {gifts === "" ? null : (
              <p className="wrap-anywhere">
                {t("gives")} <bdi>{gifts}</bdi>
              </p>
            )}
            {redeemed.length === 0 ? <p>{t("redeemedByNobody")}</p> : null}
            <ul className="flex flex-col gap-2">
              {redeemed.map(({ jid, at, hasLoggedIn, isOwed, withheld }) => (
                <li key={`${jid} ${at}`} className="flex flex-wrap justify-between gap-x-3">
                  <Link
                    href={`/users/account?jid=${encodeURIComponent(jid)}`}
                    className="min-w-0 underline-offset-2 hover:underline"
                  >
                    <JidText jid={jid} />
                  </Link>
                  <span className="inline-flex flex-wrap justify-end gap-x-2 text-right">
                    {hasLoggedIn || invite.kind !== "account" ? null : (
                      <span className="text-ink-3">{t("notLoggedIn")}</span>
                    )}
                    <TimeText at={at} />
                  </span>
                  {isOwed ? <p className="w-full text-meta text-ink-3">{t("owed")}</p> : null}
                  {withheld.map(({ what, name, text }) => (
                    <p key={`${what} ${name}`} className="w-full text-meta wrap-anywhere text-warn">
                      {t(`withheld.${what}`, { name: visible(name), why: sentence(text) })}
                    </p>
                  ))}
                </li>
              ))}
            </ul>
          </>
        )}
      </QueryView>
    </DialogBody>
  );
}
