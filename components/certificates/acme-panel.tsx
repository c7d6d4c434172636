"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Facts } from "@/components/kit/facts.tsx";
import { May } from "@/components/kit/may.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import type { AcmePolicy } from "@/lib/contracts/operations-policy.ts";
import { visible } from "@/lib/format/visible.ts";

const AcmeDialog = dynamic(() => import("./acme-dialog.tsx").then((part) => part.AcmeDialog), { ssr: false });

/** From whom certificates are ordered, and for which hosts. */
export function AcmePanel({ acme, hosts }: { acme: AcmePolicy; hosts: readonly string[] }) {
  const t = useTranslations("certificates");
  const [isOpen, setOpen] = useState(false);
  return (
    <Panel
      title={t("acme.title")}
      action={
        <May call="certificates.setAcme">
          <Button size="sm" onClick={() => setOpen(true)}>
            {t(acme.agreed ? "acme.edit" : "acme.setUp")}
          </Button>
        </May>
      }
    >
      {acme.agreed ? (
        <Facts
          facts={[
            [t("acme.directory"), <bdi key="directory">{acme.directory}</bdi>],
            [t("acme.hosts"), acme.hosts.length === 0 ? t("acme.byHand") : visible(acme.hosts.join(", "))],
            [t("acme.below"), visible(acme.below.join(", "))],
            [t("acme.challenge"), t(`acme.challenges.${acme.challenge}`)],
          ]}
        />
      ) : (
        <p className="max-w-[72ch] text-ink-2">{t("acme.off")}</p>
      )}
      {isOpen ? <AcmeDialog open acme={acme} hosts={hosts} onClose={() => setOpen(false)} /> : null}
    </Panel>
  );
}
