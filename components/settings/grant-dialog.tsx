"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import { hostAdminRole, ownerRole } from "@/lib/contracts/fixed-roles.ts";
import { commandLine } from "@/lib/format/shell.ts";

/** Gives a role to an account, on all hosts or on one. */
export function GrantDialog({ role, onClose }: { role: string | null; onClose: () => void }) {
  const t = useTranslations();
  const id = useId();
  const hosts = useHosts();
  const [jid, setJid] = useState("");
  const [chosen, setChosen] = useState("");
  const grant = useMutation(api.roles.grant.mutationOptions({ meta: { inline: true } }));
  const name = role ?? "";
  // A host admin is one of some host; owners have all of them.
  const host = name === ownerRole ? "" : chosen || (name === hostAdminRole ? (hosts[0] ?? "") : "");
  const scope = host ? { host } : {};
  const close = () => {
    setJid("");
    setChosen("");
    onClose();
  };

  return (
    <ConfirmDialog
      open={role !== null}
      onOpenChange={(open) => !open && close()}
      title={t("roles.giveTo", { role: name })}
      text={t("roles.giveText")}
      confirm={t("roles.give")}
      isDisabled={!jid.includes("@")}
      onConfirm={async () => {
        await grant.mutateAsync({ name, jid: jid.trim(), ...scope });
        toast.success(t("roles.given", { role: name, jid: jid.trim() }));
      }}
    >
      <Field label={t("roles.account")} htmlFor={id}>
        <Input
          id={id}
          value={jid}
          placeholder={`ann@${hosts[0] ?? "example.org"}`}
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setJid(event.target.value)}
        />
      </Field>
      {name === ownerRole ? null : (
        <Field label={t("common.host")} htmlFor={`${id}-host`}>
          <Select id={`${id}-host`} value={host} className="w-full" onChange={(event) => setChosen(event.target.value)}>
            {name === hostAdminRole ? null : <option value="">{t("common.allHosts")}</option>}
            {hosts.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </Select>
        </Field>
      )}
      <Equivalent
        command={commandLine("nightpost", "role", "grant", name, jid || "JID", ...(host ? ["--host", host] : []))}
        method="POST"
        path={`/roles/${encodeURIComponent(name)}/members`}
        body={{ jid: jid || "JID", ...scope }}
      />
    </ConfirmDialog>
  );
}
