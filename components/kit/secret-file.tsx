"use client";

import { FileKey, Upload } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { Textarea } from "@/components/ui/input.tsx";
import { cn } from "@/lib/format/cn.ts";
import { visible } from "@/lib/format/visible.ts";
import { useJoints } from "./joints.tsx";

interface Props {
  id: string;
  label: string;
  value: string;
  /** The server has one that it does not show. */
  isKept: boolean;
  accept: string;
  onChange: (text: string, fileName: string | null) => void;
  isInvalid: boolean;
}

const mostBytes = 65_536;

/** A key file: chosen, dropped or pasted. It is read here in the browser, and shown no more once it is there. */
export function SecretFile({ id, label, value, isKept, accept, onChange, isInvalid }: Props) {
  const t = useTranslations("targets.file");
  const { colon } = useJoints();
  const input = useRef<HTMLInputElement>(null);
  const [name, setName] = useState<string | null>(null);
  const [isOver, setOver] = useState(false);
  const [isTooLarge, setTooLarge] = useState(false);

  const take = async (file: File | undefined) => {
    if (!file) return;
    setTooLarge(file.size > mostBytes);
    if (file.size > mostBytes) return;
    const text = await file.text();
    setName(file.name);
    onChange(text, file.name);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- dropping a file is one way of three; the others have controls
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      className={cn(
        "flex flex-col gap-2 rounded-control border border-dashed p-3",
        isInvalid ? "border-err" : "border-line-strong/60",
        isOver && "border-accent bg-accent-soft",
      )}
    >
      <div className="flex flex-wrap items-center gap-2">
        <Button size="sm" onClick={() => input.current?.click()}>
          <Upload aria-hidden className="size-3.5" />
          {t(isKept || value ? "replace" : "choose")}
        </Button>
        <input
          ref={input}
          type="file"
          aria-label={`${label}${colon}${t("choose")}`}
          accept={accept}
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
        {isKept ? <span className="text-meta text-ink-3">{t("kept")}</span> : null}
        {!isKept && value && name ? (
          <span className="inline-flex min-w-0 items-center gap-1.5">
            <FileKey aria-hidden className="size-3.5 shrink-0 text-ink-3" />
            <bdi className="truncate font-mono text-meta">{visible(name)}</bdi>
          </span>
        ) : null}
        {isKept || value ? null : <span className="text-meta text-ink-3">{t("orPaste")}</span>}
      </div>
      {isTooLarge ? (
        <p role="alert" className="text-meta text-err">
          {t("tooLarge")}
        </p>
      ) : null}
      {isKept || (value && name) ? null : (
        <Textarea
          id={id}
          aria-label={label}
          value={value}
          rows={3}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          aria-invalid={isInvalid ? true : undefined}
          onChange={(event) => onChange(event.target.value, null)}
          className="font-mono text-meta"
        />
      )}
    </div>
  );
}
