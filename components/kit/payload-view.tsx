"use client";

import { useState } from "react";
import { useTranslations } from "use-intl";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { HeadersTable } from "./headers-table.tsx";
import { readPayload } from "@/lib/format/payload.ts";
import { visible } from "@/lib/format/visible.ts";

interface Props {
  text: string;
  contentType: string;
  /** Holds what people wrote: shown when it is asked for. */
  isCovered?: boolean;
}

/** A body as its type suggests: a form as names and values, JSON indented, anything else as text. */
export function PayloadView({ text, contentType, isCovered = false }: Props) {
  const t = useTranslations("forward");
  const [isShown, setShown] = useState(!isCovered);
  if (text === "") return <p className="text-meta text-ink-3">{t("emptyBody")}</p>;
  if (!isShown) {
    return (
      <button
        type="button"
        className="min-h-6 text-accent underline-offset-2 hover:underline"
        onClick={() => setShown(true)}
      >
        {t("reallyShow")}
      </button>
    );
  }
  const payload = readPayload(text, contentType);
  return (
    <div className="relative">
      {payload.kind === "form" ? (
        <HeadersTable label={t("body")} headers={payload.fields} />
      ) : (
        <pre
          tabIndex={0}
          aria-label={t("body")}
          className="max-h-80 overflow-auto rounded-control bg-sunken px-3 py-2 pr-9 font-mono text-meta whitespace-pre-wrap wrap-anywhere"
        >
          {visible(payload.text, true)}
        </pre>
      )}
      <CopyButton text={text} className="absolute top-1 right-1" />
    </div>
  );
}
