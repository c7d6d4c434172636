"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useTranslations } from "use-intl";
import { toast } from "@/components/kit/toast.ts";
import { Button } from "@/components/ui/button.tsx";
import { Link } from "@/components/ui/link.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { AuditEntry } from "@/lib/contracts/server.ts";
import { visible } from "@/lib/format/visible.ts";
import { entryDetail } from "./entry-detail.ts";

interface Undoing {
  entry: AuditEntry;
  onDone: () => void;
}

/** Takes back what an entry tells of, as long as that still stands and can be taken back. */
export function UndoButton({ entry, onDone }: Undoing) {
  if (entry.result !== "done") return null;
  if (entry.action === "user.suspend") return <ResumeUser entry={entry} onDone={onDone} />;
  return <RollBack entry={entry} onDone={onDone} />;
}

function ResumeUser({ entry, onDone }: Undoing) {
  const t = useTranslations();
  const may = useMay();
  const jid = entry.object;
  const mayResume = may("users.resume", jid.split("@")[1]);
  const user = useQuery(api.users.get.queryOptions({ input: { jid }, enabled: mayResume, retry: false }));
  const resume = useMutation(api.users.resume.mutationOptions());
  if (!user.data?.suspended) return null;
  const done = () => {
    toast.success(t("users.resumed", { count: 1 }));
    onDone();
  };
  return (
    <Take isPending={resume.isPending} onClick={() => resume.mutate({ jid }, { onSuccess: done })}>
      {t("audit.undoSuspension", { jid: visible(jid) })}
    </Take>
  );
}

/** The newest change of the policy is taken back from here; what others were built upon, from the history. */
function RollBack({ entry, onDone }: Undoing) {
  const t = useTranslations();
  const may = useMay();
  const { base, changes } = entryDetail(entry.detail);
  const isChange = base !== undefined && (changes?.length ?? 0) > 0;
  const policy = useQuery(api.policy.get.queryOptions({ enabled: isChange && may("policy.rollback") }));
  const rollback = useMutation(api.policy.rollback.mutationOptions());
  if (!isChange || !policy.data) return null;
  if (policy.data.revision.id !== base + 1) {
    return (
      <Button asChild className="mr-auto">
        <Link href="/access?tab=history">{t("audit.toHistory")}</Link>
      </Button>
    );
  }
  const done = ({ revision }: { revision: { id: number } }) => {
    toast.success(t("access.history.rolledBack", { id: revision.id }));
    onDone();
  };
  return (
    <Take isPending={rollback.isPending} onClick={() => rollback.mutate({ id: base }, { onSuccess: done })}>
      {t("audit.undo", { id: base })}
    </Take>
  );
}

function Take({ isPending, onClick, children }: { isPending: boolean; onClick: () => void; children: string }) {
  return (
    <Button className="mr-auto" disabled={isPending} onClick={onClick}>
      <Undo2 aria-hidden className="size-3.5" />
      {children}
    </Button>
  );
}
