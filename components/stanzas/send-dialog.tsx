"use client";

import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { CodeArea } from "@/components/kit/code-area.tsx";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { TypedField } from "@/components/kit/typed-field.tsx";
import { XmlView } from "@/components/kit/xml-view.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import { commandLine } from "@/lib/format/shell.ts";

/** A stanza in somebody's name, which is typed once more before it goes; then what answered it. */
export function SendDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useTranslations("stanzas");
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("sendTitle")}
      description={t("sendText")}
      size="md"
    >
      {open ? <Form onClose={onClose} /> : null}
    </Dialog>
  );
}

const ping = (host: string) => `<iq type="get" id="ping" to="${host}">\n  <ping xmlns="urn:xmpp:ping"/>\n</iq>`;

function Form({ onClose }: { onClose: () => void }) {
  const t = useTranslations("stanzas");
  const id = useId();
  const [from, setFrom] = useState("");
  const [written, setWritten] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const send = useMutation(api.stanzas.send.mutationOptions({ meta: { inline: true }, onSettled: () => setTyped("") }));
  const xml = written ?? ping(from.split("@").at(-1)?.split("/")[0] ?? "");
  const isWritten = from.trim() !== "" && xml.trim() !== "";
  return (
    <DialogForm
      error={send.error}
      isReady={isWritten && typed === from}
      isPending={send.isPending}
      onSubmit={() => send.mutateAsync({ from, xml })}
      onClose={onClose}
      confirm={t("send")}
      danger
    >
      <Field label={t("from")} htmlFor={`${id}-from`} help={t("fromHelp")}>
        <Input
          id={`${id}-from`}
          value={from}
          aria-describedby={`${id}-from-help`}
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setFrom(event.target.value.trim())}
        />
      </Field>
      <Field label={t("xml")} htmlFor={`${id}-xml`}>
        <CodeArea id={`${id}-xml`} value={xml} onChange={setWritten} problems={[]} rows={7} isWrapped />
      </Field>
      {isWritten ? <TypedField name={from} value={typed} onChange={setTyped} /> : null}
      {send.data ? (
        <section role="status">
          <h3 className="mb-1 font-medium">{t("answer")}</h3>
          {send.data.answer === null ? (
            <p className="text-ink-2">{t("noAnswer")}</p>
          ) : (
            <XmlView text={send.data.answer} label={t("answer")} />
          )}
        </section>
      ) : null}
      <Equivalent
        command={commandLine("nightpost", "send-stanza", from, xml)}
        method="POST"
        path="/stanzas"
        body={{ from, xml }}
      />
    </DialogForm>
  );
}
