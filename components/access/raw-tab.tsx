"use client";

import { useId } from "react";
import { useTranslations } from "use-intl";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Textarea } from "@/components/ui/input.tsx";
import { fromText, toText } from "./policy-text.ts";
import type { DraftState } from "./use-draft.ts";
import { useRawText } from "./use-raw-text.ts";

/** The draft as text. Text that cannot be read stays here and never gets lost. */
export function RawTab({ draft }: { draft: DraftState }) {
  const t = useTranslations("access");
  const id = useId();
  const [typed, setTyped] = useRawText();
  const { policy } = draft;
  if (!policy) return null;

  // What was typed is shown until the draft becomes another one than it made (a change elsewhere, or a discard).
  const isCurrent = typed !== null && (typed.error !== null || typed.result === policy);
  const text = isCurrent ? typed.text : toText(policy);
  const error = isCurrent ? typed.error : null;
  const change = (next: string) => {
    const read = fromText(next, policy);
    if ("error" in read) return setTyped({ text: next, error: read.error, result: null });
    setTyped({ text: next, error: null, result: read.policy });
    draft.change(read.policy);
  };

  return (
    <div className="flex flex-col gap-3">
      <div>
        <label htmlFor={id} className="font-medium">
          {t("raw")}
        </label>
        <p id={`${id}-help`} className="text-meta text-ink-3">
          {t("rawText")} {t("rawHosts")}
        </p>
      </div>
      {error ? (
        <Banner
          tone="err"
          alert
          action={
            <Button size="sm" onClick={() => setTyped(null)}>
              {t("rawDiscard")}
            </Button>
          }
        >
          {"line" in error ? t("rawError", error) : t("rawBad", { path: error.path || "/", message: error.message })}
          <span className="block text-ink-2">{t("rawBlocked")}</span>
        </Banner>
      ) : null}
      <Textarea
        id={id}
        value={text}
        spellCheck={false}
        autoCapitalize="none"
        aria-describedby={`${id}-help`}
        aria-invalid={error ? true : undefined}
        onChange={(event) => change(event.target.value)}
        rows={Math.min(48, Math.max(20, text.split("\n").length + 1))}
        className="font-mono text-meta leading-5 whitespace-pre"
      />
    </div>
  );
}
