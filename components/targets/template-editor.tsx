"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useController, useFormContext } from "react-hook-form";
import { useLocale, useTranslations } from "use-intl";
import { CodeArea, type CodeProblem } from "@/components/kit/code-area.tsx";
import { PayloadView } from "@/components/kit/payload-view.tsx";
import { api } from "@/lib/api/client.ts";
import type { ForwardTarget } from "@/lib/contracts/forward-target.ts";
import { formatBytes } from "@/lib/format/bytes.ts";
import { TextField } from "./form-fields.tsx";
import type { FormOf } from "./target-form.ts";

const fields = ["id", "type", "class", "timestamp", "host", "from", "to", "user", "message.body", "message.subject"];
const filters = ["json", "form", "xml"];

/** The body in Liquid, and beside it what it makes of a sample message. */
export function TemplateEditor({ target }: { target: ForwardTarget | null }) {
  const t = useTranslations("targets");
  const id = useId();
  const { control } = useFormContext<FormOf<"webhook">>();
  const { field, fieldState } = useController({ control, name: "template" });
  const text = field.value ?? "";
  const preview = usePreview(target?.kind === "webhook" && target.template !== "" ? target : null);
  const problems: CodeProblem[] = fieldState.error?.message
    ? [{ message: fieldState.error.message, line: null, column: null }]
    : (preview.data?.problems.filter((problem) => problem.field === "template") ?? []);
  return (
    <section aria-label={t("template")} className="flex flex-col gap-3">
      <div className="flex flex-col gap-1">
        <label htmlFor={id} className="font-medium">
          {t("template")}
        </label>
        <CodeArea
          id={id}
          value={text}
          onChange={field.onChange}
          onBlur={field.onBlur}
          problems={text === "" && !fieldState.error ? [] : problems}
          rows={8}
          aria-describedby={`${id}-help`}
        />
        <div id={`${id}-help`} className="text-meta text-ink-3">
          <p>{t("templateHint")}</p>
          <p className="mt-1 font-mono wrap-anywhere">
            {fields.map((name) => `{{ ${name} }}`).join(" ")} | {filters.join(" | ")}
          </p>
        </div>
      </div>
      <TextField name="templateType" label={t("templateType")} />
      <Preview query={preview} isAsked={text !== ""} />
    </section>
  );
}

function usePreview(target: ForwardTarget | null) {
  return useQuery(
    api.forward.preview.queryOptions({
      input: { target: target ?? { kind: "webhook", url: "https://example.org/" } },
      enabled: target !== null,
      placeholderData: keepPreviousData,
      retry: false,
      staleTime: 60_000,
    }),
  );
}

function Preview({ query, isAsked }: { query: ReturnType<typeof usePreview>; isAsked: boolean }) {
  const t = useTranslations("targets");
  const locale = useLocale();
  const payload = query.data?.payload;
  return (
    <div>
      <p className="mb-1 flex items-baseline justify-between font-medium">
        {t("preview")}
        {payload ? (
          <span className="text-meta font-normal text-ink-3">
            {payload.contentType} · {formatBytes(payload.bytes, locale)}
          </span>
        ) : null}
      </p>
      {isAsked && payload ? (
        <PayloadView text={payload.text} contentType={payload.contentType} />
      ) : (
        <p className="text-meta text-ink-3">{t("previewNone")}</p>
      )}
    </div>
  );
}
