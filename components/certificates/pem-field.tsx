"use client";

import { Upload } from "lucide-react";
import { type DragEvent, useId, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Textarea } from "@/components/ui/input.tsx";
import { cn } from "@/lib/format/cn.ts";

interface Props {
  label: string;
  help: string;
  value: string;
  placeholder: string;
  error?: string | undefined;
  onChange: (text: string) => void;
}

const mostBytes = 200_000;

/** PEM text: chosen, dropped or pasted. */
export function PemField({ label, help, value, placeholder, error, onChange }: Props) {
  const t = useTranslations("certificates");
  const { colon } = useJoints();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const take = async (files: FileList | null) => {
    const texts = await Promise.all(
      [...(files ?? [])].filter(({ size }) => size <= mostBytes).map((file) => file.text()),
    );
    if (texts.length > 0) onChange(texts.join("\n"));
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files);
  };
  return (
    <Field
      label={label}
      htmlFor={id}
      help={help}
      error={error}
      note={
        <>
          <Button size="sm" onClick={() => input.current?.click()}>
            <Upload aria-hidden className="size-3.5" />
            {t("choose")}
          </Button>
          <input
            ref={input}
            type="file"
            accept=".pem,.crt,.cer,.key,.txt"
            aria-label={`${label}${colon}${t("choose")}`}
            className="sr-only"
            tabIndex={-1}
            onChange={(event) => {
              void take(event.target.files);
              event.target.value = "";
            }}
          />
        </>
      }
    >
      <Textarea
        id={id}
        value={value}
        rows={4}
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="none"
        aria-invalid={error ? true : undefined}
        aria-describedby={`${id}-help`}
        onChange={(event) => onChange(event.target.value)}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
        className={cn("font-mono text-meta", isOver && "border-accent bg-accent-soft")}
      />
    </Field>
  );
}
