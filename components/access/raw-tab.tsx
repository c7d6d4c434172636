"use client";

import type { Extension } from "@codemirror/state";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { CodeEditor } from "@/components/kit/code-editor.tsx";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { usePolicyIssueText } from "@/components/kit/policy-issue-text.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import type { Policy } from "@/lib/contracts/policy.ts";
import { policyMarks } from "./policy-marks.ts";
import { fromText, toText } from "./policy-text.ts";
import type { DraftState } from "./use-draft.ts";
import { useRawText } from "./use-raw-text.ts";

/** The draft as text. Text that cannot be read stays here and never gets lost. */
export function RawTab({ draft }: { draft: DraftState }) {
  const t = useTranslations("access");
  const id = useId();
  const issueText = usePolicyIssueText();
  const [typed, setTyped] = useRawText();
  const { policy } = draft;
  const language = useLanguage(policy);
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
        <p id={`${id}-label`} className="font-medium">
          {t("raw")}
        </p>
        <p id={`${id}-help`} className="text-meta text-ink-3">
          {t("rawText")}
          <SentenceGap />
          {t("rawHosts")}
          <SentenceGap />
          {t("rawKeys")}
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
      <CodeEditor
        id={id}
        value={text}
        onChange={change}
        marks={policyMarks(text, error, draft.issues, issueText)}
        rows={20}
        isNumbered
        extension={language}
      />
    </div>
  );
}

/** The grammar comes after the text can be seen. */
function useLanguage(policy: Policy | undefined): Extension | undefined {
  const [language, setLanguage] = useState<Extension>();
  const current = useRef(policy);
  useEffect(() => {
    current.current = policy;
  });
  useEffect(() => {
    let isGone = false;
    const names = () => ({
      acls: Object.keys(current.current?.acl ?? {}),
      rules: Object.keys(current.current?.accessRules ?? {}),
      hosts: Object.keys(current.current?.hosts ?? {}),
    });
    void import("./policy-language.ts").then(({ policyLanguage }) => {
      if (!isGone) setLanguage(policyLanguage(names));
    });
    return () => {
      isGone = true;
    };
  }, []);
  return language;
}
