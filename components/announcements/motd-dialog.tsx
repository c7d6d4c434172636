"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { toast } from "sonner";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field, ToggleField } from "@/components/kit/field.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { useHost } from "@/components/kit/use-host.ts";
import { useHosts } from "@/components/kit/use-hosts.ts";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input, Textarea } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { Switch } from "@/components/ui/switch.tsx";
import { api } from "@/lib/api/client.ts";
import type { Motd } from "@/lib/contracts/announcements.ts";
import { commandLine } from "@/lib/format/shell.ts";

/** Sets the message of the day of a host, or changes it. */
export function MotdDialog({ motd, onClose }: { motd: Motd | "new" | null; onClose: () => void }) {
  const t = useTranslations("announcements");
  return (
    <Dialog
      open={motd !== null}
      onOpenChange={(next) => !next && onClose()}
      title={t("motdTitle")}
      description={t("motdText")}
      size="md"
      place="side"
    >
      {motd === null ? null : <Content motd={motd === "new" ? null : motd} onClose={onClose} />}
    </Dialog>
  );
}

function Content({ motd, onClose }: { motd: Motd | null; onClose: () => void }) {
  const t = useTranslations();
  const id = useId();
  const hosts = useHosts();
  const [scope] = useHost();
  const [chosen, setChosen] = useState(motd?.host ?? scope ?? "");
  const [subject, setSubject] = useState(motd?.subject ?? "");
  const [body, setBody] = useState(motd?.body ?? "");
  const [isAgain, setAgain] = useState(motd === null);
  const host = motd?.host ?? (hosts.includes(chosen) ? chosen : (hosts[0] ?? ""));
  const set = useMutation(api.announcements.setMotd.mutationOptions({ meta: { inline: true } }));
  const input = { subject: subject.trim(), body: body.trim(), again: isAgain, tellPresent: isAgain };
  const isReady = host !== "" && input.body !== "";
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) return;
    await set.mutateAsync({ host, ...input });
    toast.success(t("announcements.motdSaved"));
    onClose();
  };
  return (
    <form
      onSubmit={(event) => void submit(event).catch(() => undefined)}
      noValidate
      className="flex min-h-0 flex-1 flex-col"
    >
      <DialogBody>
        {set.error ? <ProblemBanner error={set.error} /> : null}
        {motd === null && hosts.length > 1 ? (
          <Field label={t("common.host")} htmlFor={`${id}-host`}>
            <Select
              id={`${id}-host`}
              value={host}
              onChange={(event) => setChosen(event.target.value)}
              className="w-full"
            >
              {hosts.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </Select>
          </Field>
        ) : null}
        <Field label={t("announcements.subject")} htmlFor={`${id}-subject`} note={t("common.optional")}>
          <Input
            id={`${id}-subject`}
            value={subject}
            maxLength={200}
            onChange={(event) => setSubject(event.target.value)}
          />
        </Field>
        <Field label={t("announcements.body")} htmlFor={`${id}-body`}>
          <Textarea
            id={`${id}-body`}
            rows={6}
            value={body}
            maxLength={10_000}
            onChange={(event) => setBody(event.target.value)}
          />
        </Field>
        {motd === null ? null : (
          <ToggleField label={t("announcements.again")} htmlFor={`${id}-again`} help={t("announcements.againHint")}>
            <Switch
              id={`${id}-again`}
              checked={isAgain}
              aria-describedby={`${id}-again-help`}
              onCheckedChange={setAgain}
            />
          </ToggleField>
        )}
        <Equivalent
          command={commandLine(
            "nightpost",
            "motd",
            "set",
            host,
            input.subject,
            input.body,
            ...(isAgain ? [] : ["--reword"]),
          )}
          method="PUT"
          path={`/motd/${encodeURIComponent(host)}`}
          body={input}
        />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button type="submit" variant="primary" disabled={set.isPending || !isReady}>
          {t("announcements.motdSave")}
        </Button>
      </DialogFooter>
    </form>
  );
}
