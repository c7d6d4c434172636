"use client";

import { FolderOpen, Upload } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/lib/format/cn.ts";
import type { SourceKind } from "./source-kinds.ts";

interface Props {
  kind: SourceKind;
  isBusy: boolean;
  onFiles: (files: readonly File[]) => void;
}

const accepts: Record<SourceKind, string> = {
  xep0227: ".xml",
  ejabberd: "",
  prosody: "",
  openfire: ".xml",
  csv: ".csv,.txt",
};

/** A file, or for Prosody a whole directory. They are read here in the browser, piece by piece. */
export function FilePicker({ kind, isBusy, onFiles }: Props) {
  const t = useTranslations("imports");
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const isDirectory = kind === "prosody";
  const Icon = isDirectory ? FolderOpen : Upload;
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (!isDirectory) onFiles([...event.dataTransfer.files]);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- dropping a file is one way of two; the other has a control
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(!isDirectory);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      className={cn(
        "flex flex-wrap items-center gap-3 rounded-control border border-dashed border-line-strong/60 p-4",
        isOver && "border-accent bg-accent-soft",
      )}
    >
      <Button disabled={isBusy} onClick={() => input.current?.click()}>
        <Icon aria-hidden className="size-4" />
        {t(isDirectory ? "chooseDirectory" : "chooseFile")}
      </Button>
      <input
        key={kind}
        ref={input}
        type="file"
        accept={accepts[kind]}
        multiple={kind === "ejabberd"}
        aria-label={t(isDirectory ? "chooseDirectory" : "chooseFile")}
        className="sr-only"
        tabIndex={-1}
        {...(isDirectory ? { webkitdirectory: "" } : {})}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
      <span className="text-meta text-ink-3">
        {isBusy ? t("reading") : t(isDirectory ? "directoryHint" : "orDrop")}
      </span>
    </div>
  );
}
