"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input, Textarea } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";
import { affiliationLines } from "./affiliation-lines.ts";
import { roomPath } from "./room-href.ts";

/** What the server takes at once. */
const batch = 1000;

interface Props {
  room: string;
  open: boolean;
  onClose: () => void;
}

export function ImportAffiliationsDialog({ room, open, onClose }: Props) {
  const t = useTranslations("rooms");
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("bulkTitle")}
      description={t("bulkText")}
      size="lg"
    >
      {open ? <Content room={room} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Content({ room, onClose }: Omit<Props, "open">) {
  const t = useTranslations();
  const id = useId();
  const [text, setText] = useState("");
  const affiliate = useMutation(api.rooms.affiliate.mutationOptions({ meta: { inline: true } }));
  const [report, setReport] = useState<{ changed: number; failed: { jid: string; reason: string }[] } | null>(null);
  const { lines, bad } = affiliationLines(text);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const sum = { changed: 0, failed: [] as { jid: string; reason: string }[] };
    for (let from = 0; from < lines.length; from += batch) {
      const step = await affiliate.mutateAsync({ jid: room, changes: lines.slice(from, from + batch) });
      sum.changed += step.changed;
      sum.failed.push(...step.failed);
    }
    setReport(sum);
  };
  if (report) {
    return (
      <>
        <DialogBody>
          <Banner tone={report.failed.length > 0 ? "warn" : "info"}>
            {t("rooms.bulkDone", { changed: report.changed, failed: report.failed.length })}
          </Banner>
          <ul className="divide-y divide-line text-meta">
            {report.failed.map(({ jid, reason }) => (
              <li key={jid} className="py-1.5">
                <bdi className="font-mono">{visible(jid)}</bdi>: {reason}
              </li>
            ))}
          </ul>
        </DialogBody>
        <DialogFooter>
          <Button variant="primary" onClick={onClose}>
            {t("common.close")}
          </Button>
        </DialogFooter>
      </>
    );
  }
  return (
    <form onSubmit={(event) => void submit(event).catch(() => undefined)} className="flex min-h-0 flex-col">
      <DialogBody>
        {affiliate.error ? <ProblemBanner error={affiliate.error} /> : null}
        <Field label={t("rooms.bulkFile")} htmlFor={`${id}-file`}>
          <Input
            id={`${id}-file`}
            type="file"
            accept=".csv,text/csv,text/plain"
            className="py-1"
            onChange={(event) => void event.target.files?.[0]?.text().then(setText)}
          />
        </Field>
        <Field label="CSV" htmlFor={`${id}-text`} note={t("rooms.bulkLines", { count: lines.length })}>
          <Textarea
            id={`${id}-text`}
            rows={8}
            value={text}
            spellCheck={false}
            autoCapitalize="none"
            placeholder="juliet@example.org,member,Juliet"
            className="font-mono text-meta"
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
        {bad.length > 0 ? (
          <Banner tone="warn">
            <ul>
              {bad.slice(0, 10).map(({ line, text: word }) => (
                <li key={line}>
                  {t("rooms.badLine", { line, text: t("rooms.badAffiliation", { text: `“${visible(word)}”` }) })}
                </li>
              ))}
            </ul>
          </Banner>
        ) : null}
        <Equivalent
          command={commandLine("nightpost", "room", "import-affiliations", room, "FILE.csv")}
          method="POST"
          path={`${roomPath(room)}/affiliations`}
          body={{ changes: lines.slice(0, 3) }}
        />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" variant="primary" disabled={lines.length === 0 || bad.length > 0 || affiliate.isPending}>
          {t("rooms.bulkConfirm")}
        </Button>
      </DialogFooter>
    </form>
  );
}
