"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useJoints } from "@/components/kit/joints.tsx";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { api } from "@/lib/api/client.ts";
import { useHasPasskeys } from "@/lib/auth/use-has-passkeys.ts";
import type { FactorKind } from "@/lib/contracts/factors.ts";
import { visible } from "@/lib/format/visible.ts";
import { ChoiceList } from "./choice-list.tsx";
import { StepFrame } from "./step-frame.tsx";
import type { StepProps } from "./step-props.ts";

const AddPasskeyDialog = dynamic(
  () => import("@/components/settings/add-passkey-dialog.tsx").then((part) => part.AddPasskeyDialog),
  { ssr: false },
);
const AddTotpDialog = dynamic(
  () => import("@/components/settings/add-totp-dialog.tsx").then((part) => part.AddTotpDialog),
  { ssr: false },
);
const RecoveryCodesDialog = dynamic(
  () => import("@/components/settings/recovery-codes-dialog.tsx").then((part) => part.RecoveryCodesDialog),
  { ssr: false },
);

/** What the first admin proves itself with beside the password, or in its place. */
export function FactorStep({ nav }: StepProps) {
  const t = useTranslations("setup.factor");
  const { comma } = useJoints();
  const factors = useQuery(api.factors.list.queryOptions());
  const mayPasskey = useHasPasskeys();
  const [chosen, setChosen] = useState<FactorKind | null>(null);
  const [open, setOpen] = useState<FactorKind | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const kind = chosen ?? (mayPasskey ? "passkey" : "totp");
  const hasOne = factors.data !== undefined && factors.data.items.length > 0;
  const dialog = {
    onClose: () => setOpen(null),
    onAdded(recoveryCodes: string[] | null) {
      setOpen(null);
      setCodes(recoveryCodes);
    },
  };
  return (
    <>
      <StepFrame
        nav={nav}
        error={factors.error}
        canSkip={!hasOne}
        {...(hasOne ? {} : { next: t(`do.${kind}`) })}
        onSubmit={() => (hasOne ? nav.onNext() : setOpen(kind))}
      >
        <p className="text-ink-2">{t("text")}</p>
        <QueryView query={factors} skeleton={<TableSkeleton rows={2} columns={1} />}>
          {({ items }) =>
            items.length > 0 ? (
              <p role="status">{t("added", { names: items.map(({ name }) => visible(name)).join(comma) })}</p>
            ) : (
              <>
                <ChoiceList
                  label={t("text")}
                  value={kind}
                  options={(mayPasskey ? (["passkey", "totp"] as const) : (["totp"] as const)).map((value) => ({
                    value,
                    label: t(`choices.${value}`),
                    text: t(`choiceTexts.${value}`),
                  }))}
                  onChange={setChosen}
                />
                {mayPasskey ? null : <p className="text-meta text-ink-3">{t("noPasskeys")}</p>}
              </>
            )
          }
        </QueryView>
      </StepFrame>
      {open === "passkey" ? <AddPasskeyDialog {...dialog} /> : null}
      {open === "totp" ? <AddTotpDialog {...dialog} /> : null}
      {codes === null ? null : <RecoveryCodesDialog codes={codes} onClose={() => setCodes(null)} />}
    </>
  );
}
