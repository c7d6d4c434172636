"use client";

import { Ellipsis } from "lucide-react";
import { useTranslations } from "use-intl";
import { useJoints } from "@/components/kit/joints.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Menu, MenuItem } from "@/components/ui/menu.tsx";
import { useMay } from "@/lib/api/me.ts";
import type { RegistrationDecision } from "@/lib/contracts/registration.ts";
import { visible } from "@/lib/format/visible.ts";

export type DecisionAct = "why" | "allow" | "ban";

interface Props {
  decision: RegistrationDecision;
  onAct: (act: DecisionAct) => void;
}

/** What can be done about a line of the log; exceptions and bans only where it was refused. */
export function DecisionMenu({ decision, onAct }: Props) {
  const t = useTranslations("registration");
  const common = useTranslations("common");
  const { colon } = useJoints();
  const may = useMay();
  const { jid, host, verdict } = decision;
  return (
    <Menu
      trigger={
        <IconButton label={`${common("more")}${colon}${visible(jid)}`} size="sm">
          <Ellipsis aria-hidden className="size-4" />
        </IconButton>
      }
    >
      <MenuItem onSelect={() => onAct("why")}>{t("why")}</MenuItem>
      {!verdict.allowed && may("registration.allowOnce", host) ? (
        <MenuItem onSelect={() => onAct("allow")}>{t("allowOnceMenu")}</MenuItem>
      ) : null}
      {!verdict.allowed && may("policy.apply") ? (
        <MenuItem danger onSelect={() => onAct("ban")}>
          {t("ban")}
        </MenuItem>
      ) : null}
    </Menu>
  );
}
