"use client";

import { useMutation } from "@tanstack/react-query";
import { Pencil, Plus, X } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { DataTable } from "@/components/kit/data-table.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { May } from "@/components/kit/may.tsx";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { toast } from "@/components/kit/toast.ts";
import { Button } from "@/components/ui/button.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { api } from "@/lib/api/client.ts";
import type { UserDetail } from "@/lib/contracts/users.ts";
import { visible } from "@/lib/format/visible.ts";
import { type Contact, ContactDialog } from "./contact-dialog.tsx";

/** The contacts of an account, and the means to set them right where two sides do not agree. */
export function RosterTab({ user: { jid, host, roster } }: { user: UserDetail }) {
  const t = useTranslations("users");
  const common = useTranslations("common");
  const { colon, comma } = useJoints();
  const problemText = useProblemText();
  const [editing, setEditing] = useState<Contact | "new" | null>(null);
  const set = useMutation(api.users.setContact.mutationOptions());
  const remove = useMutation(api.users.removeContact.mutationOptions({ meta: { inline: true } }));

  const takeOut = (contact: Contact) =>
    remove.mutate(
      { jid, contact: contact.jid },
      {
        onSuccess: () =>
          toast.success(t("contactRemoved", { jid: visible(contact.jid) }), {
            duration: 10_000,
            action: {
              label: common("undo"),
              onClick: () => set.mutate({ ...contact, jid, contact: contact.jid }),
            },
          }),
        onError: (error) => toast.error(problemText(error)),
      },
    );

  return (
    <Panel
      title={t("roster")}
      flush
      action={
        <May call="users.setContact" host={host}>
          <Button size="sm" onClick={() => setEditing("new")}>
            <Plus aria-hidden className="size-3.5" />
            {t("contactAdd")}
          </Button>
        </May>
      }
    >
      {roster.length === 0 ? (
        <p className="px-4 py-4 text-ink-2">{t("rosterEmpty")}</p>
      ) : (
        <DataTable
          label={t("roster")}
          rows={roster}
          rowKey={(item) => item.jid}
          columns={[
            { id: "jid", header: t("rosterColumns.jid"), render: (item) => <JidText jid={item.jid} /> },
            { id: "name", header: t("rosterColumns.name"), render: (item) => <bdi>{visible(item.name) || "—"}</bdi> },
            {
              id: "subscription",
              header: t("rosterColumns.subscription"),
              render: (item) => (
                <span className="text-ink-2">
                  {t(`subscriptions.${item.subscription}`)}
                  {item.ask ? ` · ${t("asked")}` : null}
                </span>
              ),
            },
            {
              id: "groups",
              header: t("rosterColumns.groups"),
              render: (item) => (
                <bdi className="text-ink-2">{item.groups.map((group) => visible(group)).join(comma) || "—"}</bdi>
              ),
            },
            {
              id: "edit",
              header: common("edit"),
              isBare: true,
              isNumber: true,
              render: (item) => (
                <May call="users.setContact" host={host}>
                  <IconButton
                    label={`${common("edit")}${colon}${visible(item.jid)}`}
                    size="sm"
                    onClick={() => setEditing(item)}
                  >
                    <Pencil aria-hidden className="size-3.5" />
                  </IconButton>
                  <IconButton
                    label={`${common("remove")}${colon}${visible(item.jid)}`}
                    size="sm"
                    onClick={() => takeOut(item)}
                  >
                    <X aria-hidden className="size-3.5" />
                  </IconButton>
                </May>
              ),
            },
          ]}
        />
      )}
      {editing === null ? null : (
        <ContactDialog user={jid} contact={editing === "new" ? null : editing} onClose={() => setEditing(null)} />
      )}
    </Panel>
  );
}
