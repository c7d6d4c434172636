"use client";

import { useState } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { Input, Textarea } from "@/components/ui/input.tsx";

/** Subject and body as they are typed, and as they are sent. */
export function useAnnouncementText(first: { subject: string; body: string } = { subject: "", body: "" }) {
  const [subject, setSubject] = useState(first.subject);
  const [body, setBody] = useState(first.body);
  return { subject, setSubject, body, setBody, trimmed: { subject: subject.trim(), body: body.trim() } };
}

export function TextFields({ id, text }: { id: string; text: ReturnType<typeof useAnnouncementText> }) {
  const t = useTranslations();
  return (
    <>
      <Field label={t("announcements.subject")} htmlFor={`${id}-subject`} note={t("common.optional")}>
        <Input
          id={`${id}-subject`}
          value={text.subject}
          maxLength={200}
          onChange={(event) => text.setSubject(event.target.value)}
        />
      </Field>
      <Field label={t("announcements.body")} htmlFor={`${id}-body`}>
        <Textarea
          id={`${id}-body`}
          rows={6}
          value={text.body}
          maxLength={10_000}
          onChange={(event) => text.setBody(event.target.value)}
        />
      </Field>
    </>
  );
}
