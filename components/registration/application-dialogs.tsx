"use client";

import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useLocale, useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { toast } from "@/components/kit/toast.ts";
import { api } from "@/lib/api/client.ts";
import type { RegistrationApplication } from "@/lib/contracts/registration.ts";
import { languageName } from "@/lib/format/language-name.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { placeholders } from "./placeholders.ts";
import { noReply, type Reply, ReplyField } from "./reply-field.tsx";

interface Props {
  open: boolean;
  applications: RegistrationApplication[];
  onClose: () => void;
}

export function ApproveDialog({ open, applications, onClose }: Props) {
  const t = useTranslations("registration");
  const [reply, setReply] = useState(noReply);
  const approve = useMutation(api.registration.approve.mutationOptions({ meta: { inline: true } }));
  const jids = applications.map(({ jid }) => jid);
  const { text, template } = reply;
  const body = template === "" ? { jids, text } : { jids, template };
  return (
    <DecisionDialog
      open={open}
      applications={applications}
      onClose={onClose}
      title={t("approveTitle", { count: jids.length })}
      text={t("approveText")}
      confirm={t("approve")}
      told="approved"
      decide={async () => {
        const decided = await approve.mutateAsync(body);
        setReply(noReply);
        return decided;
      }}
      command={commandLine(...["nightpost", "registration", "approve", ...jids], ...options("--text", reply))}
      path="/registration/applications/approve"
      body={body}
    >
      <ReplyField
        applications={open ? applications : []}
        outcome="approve"
        label={t("approveReply")}
        help={t("approveReplyHint", placeholders)}
        value={reply}
        onChange={setReply}
      />
    </DecisionDialog>
  );
}

/** The reply as options of the command line, where `name` is that of the text. */
function options(name: string, { text, template }: Reply): string[] {
  if (template !== "") return ["--template", template];
  return text === "" ? [] : [name, text];
}

const usualReasons = ["unknown", "name", "spam"] as const;

export function DenyDialog({ open, applications, onClose }: Props) {
  const t = useTranslations("registration");
  const common = useTranslations("common");
  const [reply, setReply] = useState(noReply);
  const deny = useMutation(api.registration.deny.mutationOptions({ meta: { inline: true } }));
  const jids = applications.map(({ jid }) => jid);
  const { text: reason, template } = reply;
  const body = template === "" ? { jids, reason } : { jids, template };
  return (
    <DecisionDialog
      open={open}
      applications={applications}
      onClose={onClose}
      title={t("denyTitle", { count: jids.length })}
      text={t("denyText")}
      confirm={t("refuse")}
      danger
      told="refused"
      decide={async () => {
        const decided = await deny.mutateAsync(body);
        setReply(noReply);
        return decided;
      }}
      command={commandLine(...["nightpost", "registration", "deny", ...jids], ...options("--reason", reply))}
      path="/registration/applications/deny"
      body={body}
    >
      <ReplyField
        applications={open ? applications : []}
        outcome="deny"
        label={common("reason")}
        help={t("denyReasonHint", placeholders)}
        value={reply}
        onChange={setReply}
        usual={usualReasons.map((name) => t(`denyReasons.${name}`))}
      />
    </DecisionDialog>
  );
}

interface DecisionProps extends Props {
  title: string;
  text: string;
  confirm: string;
  danger?: boolean;
  /** What is said of those that were decided. */
  told: "approved" | "refused";
  decide: () => Promise<{ done: number; failed: readonly unknown[] }>;
  command: string;
  path: string;
  body: object;
  children?: ReactNode;
}

/** A decision on some applications: whose they are, then how many it was, and that others had gone meanwhile. */
function DecisionDialog(props: DecisionProps) {
  const { open, applications, onClose, title, text, confirm, danger, told, decide, command, path, body, children } =
    props;
  const t = useTranslations("registration");
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={title}
      text={text}
      confirm={confirm}
      danger={danger ?? false}
      onConfirm={async () => {
        const { done, failed } = await decide();
        if (done > 0) toast.success(t(told, { count: done }));
        if (failed.length > 0) toast.error(t("notDecided", { count: failed.length }));
      }}
    >
      <Names applications={applications} />
      {children}
      <Equivalent command={command} method="POST" path={path} body={body} />
    </ConfirmDialog>
  );
}

function Names({ applications }: { applications: RegistrationApplication[] }) {
  const locale = useLocale();
  return (
    <ul className="max-h-48 divide-y divide-line overflow-y-auto border-y border-line empty:hidden">
      {applications.map(({ jid, message, language }) => (
        <li key={jid} className="py-1.5">
          <JidText jid={jid} />
          {language === "" ? null : <span className="ml-2 text-meta text-ink-3">{languageName(language, locale)}</span>}
          {message ? <bdi className="block text-meta wrap-anywhere text-ink-2">{visible(message)}</bdi> : null}
        </li>
      ))}
    </ul>
  );
}
