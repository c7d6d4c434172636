"use client";

import { useMutation } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Badge } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import { formatLine } from "@/lib/contracts/policy-text.ts";
import type { RoleInfo } from "@/lib/contracts/roles.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { GrantDialog } from "./grant-dialog.tsx";

interface Leaving {
  readonly role: string;
  readonly jid: string;
  readonly host: string | null;
}

/** Who has which role: the accounts that are named, and the access rule for those that are not. */
export function RoleMembers({ roles }: { roles: readonly RoleInfo[] }) {
  const t = useTranslations();
  const mayGrant = useMay()("roles.grant");
  const [granting, setGranting] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<Leaving | null>(null);
  const revoke = useMutation(api.roles.revoke.mutationOptions({ meta: { inline: true } }));
  const [role, jid] = [leaving?.role ?? "", leaving?.jid ?? ""];
  const scope = leaving?.host ? { host: leaving.host } : {};

  return (
    <Panel flush title={t("roles.members")} note={t("roles.membersLead")}>
      <ul className="divide-y divide-line">
        {roles.map((each) => (
          <li key={each.name} aria-label={each.name} className="flex flex-wrap items-start gap-x-4 gap-y-1 px-4 py-2.5">
            <div className="w-44 min-w-0 max-sm:w-full">
              <p className="font-medium">{visible(each.name)}</p>
              <p className="text-meta text-ink-3">
                {t("roles.byRule")} <code className="font-mono">{visible(each.access)}</code>
              </p>
            </div>
            <div className="min-w-0 flex-1">
              {each.members.length === 0 ? (
                <p className="text-ink-3">{t("roles.nobody")}</p>
              ) : (
                <ul className="flex flex-col">
                  {each.members.map((member) => (
                    <li key={`${member.jid} ${member.host ?? ""}`} className="flex min-h-7 items-center gap-2">
                      <JidText jid={member.jid} />
                      {member.host ? <Badge>{visible(member.host)}</Badge> : null}
                      {mayGrant ? (
                        <IconButton
                          size="sm"
                          label={t("roles.take", { role: each.name, jid: member.jid })}
                          onClick={() => setLeaving({ role: each.name, ...member })}
                        >
                          <X aria-hidden className="size-3.5" />
                        </IconButton>
                      ) : null}
                    </li>
                  ))}
                </ul>
              )}
              {each.lines.length > 1 || each.lines.some((line) => "deny" in line || line.allow.length > 1) ? (
                <p className="mt-1 font-mono text-meta wrap-anywhere text-ink-3">
                  {each.lines.map((line) => formatLine(line)).join("; ")}
                </p>
              ) : null}
            </div>
            {mayGrant ? (
              <Button
                size="sm"
                aria-label={t("roles.giveTo", { role: each.name })}
                onClick={() => setGranting(each.name)}
              >
                <Plus aria-hidden className="size-3.5" />
                {t("roles.give")}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      <GrantDialog role={granting} onClose={() => setGranting(null)} />
      <ConfirmDialog
        open={leaving !== null}
        onOpenChange={(open) => !open && setLeaving(null)}
        title={t("roles.take", { role, jid })}
        text={t("roles.takeText")}
        confirm={t("roles.takeConfirm")}
        danger
        onConfirm={async () => {
          await revoke.mutateAsync({ name: role, jid, ...scope });
          toast.success(t("roles.taken", { role, jid }));
        }}
      >
        <Equivalent
          command={commandLine(
            "nightpost",
            "role",
            "revoke",
            role,
            jid,
            ...(leaving?.host ? ["--host", leaving.host] : []),
          )}
          method="DELETE"
          path={`/roles/${encodeURIComponent(role)}/members/${encodeURIComponent(jid)}`}
          {...(leaving?.host ? { body: scope } : {})}
        />
      </ConfirmDialog>
    </Panel>
  );
}
