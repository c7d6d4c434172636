"use client";

import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Textarea } from "@/components/ui/input.tsx";
import { api } from "@/lib/api/client.ts";
import { fillWords } from "@/lib/contracts/fill-words.ts";
import type { RegistrationApplication } from "@/lib/contracts/registration.ts";
import { replyIn } from "@/lib/contracts/reply-text.ts";
import { visible } from "@/lib/format/visible.ts";

/** What applicants are told. */
export interface Reply {
  text: string;
  /** Name of the template that tells each in their language; "": the text is for all of them. */
  template: string;
}
export const noReply: Reply = { text: "", template: "" };

/** What the server takes. */
const longest = 1_000;

interface Props {
  /** Whom it is for; nobody while the dialog is closed. */
  applications: readonly RegistrationApplication[];
  outcome: "approve" | "deny";
  label: string;
  help: string;
  value: Reply;
  onChange: (reply: Reply) => void;
  /** Texts that everybody has who decides, beside those of the host's policy. */
  usual?: readonly string[];
}

/** What applicants are told: typed, or chosen from the texts of their host, and how the first of them will read it. */
export function ReplyField({ applications, outcome, label, help, value, onChange, usual = [] }: Props) {
  const t = useTranslations("registration");
  const common = useTranslations("common");
  const id = useId();
  const [first] = applications;
  const isOneHost = applications.every(({ host }) => host === first?.host);
  const templates = useQuery(
    api.registration.templates.queryOptions({
      input: { host: first?.host ?? "" },
      enabled: first !== undefined && isOneHost,
    }),
  );
  const saved = isOneHost ? (templates.data?.items ?? []).filter((one) => one.outcome === outcome) : [];
  const { text, template } = value;
  const write = (typed: string) => onChange({ text: typed, template: "" });
  const filled = first ? fillWords(text, { name: localOf(first.jid), host: first.host }) : text;
  return (
    <>
      <Field label={label} htmlFor={id} help={help} note={common("optional")}>
        <Textarea
          id={id}
          rows={3}
          value={text}
          maxLength={longest}
          aria-describedby={`${id}-help`}
          onChange={(event) => write(event.target.value)}
        />
      </Field>
      <div role="group" aria-label={t("replyTemplates")} className="flex flex-wrap gap-2 empty:hidden">
        {saved.map(({ name, texts }) => {
          const told = replyIn(texts, first?.language ?? "");
          return (
            <Button
              key={name}
              size="sm"
              title={visible(told, true)}
              onClick={() => onChange({ text: told, template: name })}
            >
              {visible(name)}
            </Button>
          );
        })}
        {usual.map((each) => (
          <Button key={each} size="sm" onClick={() => write(each)}>
            {each}
          </Button>
        ))}
      </div>
      {isOneHost ? null : <p className="text-meta text-ink-3">{t("severalHosts")}</p>}
      {template !== "" && applications.length > 1 ? <p className="text-meta text-ink-3">{t("eachLanguage")}</p> : null}
      {first && filled !== text ? (
        <p className="text-meta text-ink-2">
          {t.rich("preview", { jid: () => <JidText jid={first.jid} /> })}
          <SentenceGap />
          <q className="wrap-anywhere whitespace-pre-wrap">{visible(filled, true)}</q>
        </p>
      ) : null}
    </>
  );
}

function localOf(jid: string): string {
  return jid.slice(0, jid.lastIndexOf("@"));
}
