"use client";

import { Code } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { readPayload } from "@/lib/format/payload.ts";
import { visible } from "@/lib/format/visible.ts";
import { HeadersTable } from "./headers-table.tsx";

interface Props {
  text: string;
  contentType: string;
}

/** A body as its type suggests: a form as names and values, JSON indented, anything else as text; or raw, byte for byte. */
export function PayloadView({ text, contentType }: Props) {
  const t = useTranslations("forward");
  const [isRaw, setRaw] = useState(false);
  if (text === "") return <p className="text-meta text-ink-3">{t("emptyBody")}</p>;
  const payload = isRaw ? ({ kind: "text", text } as const) : readPayload(text, contentType);
  const hasTwoFaces = isRaw || payload.kind === "form" || payload.text !== text;
  return (
    <div className="relative">
      {payload.kind === "form" ? (
        <HeadersTable label={t("body")} headers={payload.fields} />
      ) : (
        <pre
          tabIndex={0}
          aria-label={t("body")}
          className="max-h-80 overflow-auto rounded-control bg-sunken px-3 py-2 pr-18 font-mono text-meta whitespace-pre-wrap wrap-anywhere"
        >
          {visible(payload.text, true)}
        </pre>
      )}
      <span className="absolute top-1 right-1 flex">
        {hasTwoFaces ? (
          <IconButton
            label={t("raw")}
            size="sm"
            aria-pressed={isRaw}
            className="aria-pressed:text-accent"
            onClick={() => setRaw(!isRaw)}
          >
            <Code aria-hidden className="size-3.5" />
          </IconButton>
        ) : null}
        <CopyButton text={text} />
      </span>
    </div>
  );
}
