"use client";

import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { useId } from "react";
import { useFieldArray, useFormContext } from "react-hook-form";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { Button } from "@/components/ui/button.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import type { PolicyValuesInput } from "./policy-values.ts";
import { useHits } from "./use-hits.ts";

/** The ordered list of networks, the two defaults that end it, and the pause between registrations. */
export function NetworkFields({ host }: { host: string | null }) {
  const t = useTranslations("registration");
  const id = useId();
  const { control, register, formState } = useFormContext<PolicyValuesInput>();
  const { fields, append, remove, swap } = useFieldArray({ control, name: "networks" });
  const { errors } = formState;
  const hits = useHits(host);
  const saved = formState.defaultValues?.networks ?? [];
  const choice = (
    <>
      <option value="allow">{t("allow")}</option>
      <option value="deny">{t("deny")}</option>
    </>
  );
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="font-semibold">{t("networks")}</legend>
      <p className="-mt-1 text-meta text-ink-3">{t("networksHint")}</p>
      <ol className="flex flex-col divide-y divide-line border-y border-line">
        {fields.map((field, index) => {
          const line = { line: index + 1 };
          const error = errors.networks?.[index]?.cidr?.message;
          return (
            <li key={field.id} className="flex flex-wrap items-center gap-2 py-1.5">
              <Select aria-label={t("action", line)} className="w-24" {...register(`networks.${index}.action`)}>
                {choice}
              </Select>
              <Input
                aria-label={t("cidr", line)}
                placeholder="203.0.113.0/24"
                spellCheck={false}
                aria-invalid={error ? true : undefined}
                className="min-w-40 flex-1 font-mono"
                {...register(`networks.${index}.cidr`)}
              />
              <Hits count={isSaved(saved, field) ? hits.ofNetwork(field) : null} />
              <span className="flex">
                <IconButton
                  label={t("moveUp", line)}
                  size="sm"
                  disabled={index === 0}
                  onClick={() => swap(index, index - 1)}
                >
                  <ArrowUp aria-hidden className="size-3.5" />
                </IconButton>
                <IconButton
                  label={t("moveDown", line)}
                  size="sm"
                  disabled={index === fields.length - 1}
                  onClick={() => swap(index, index + 1)}
                >
                  <ArrowDown aria-hidden className="size-3.5" />
                </IconButton>
                <IconButton label={t("removeLine", line)} size="sm" onClick={() => remove(index)}>
                  <X aria-hidden className="size-4" />
                </IconButton>
              </span>
              {error ? (
                <p role="alert" className="w-full text-meta text-err">
                  {error}
                </p>
              ) : null}
            </li>
          );
        })}
        {(["defaultIpv4", "defaultIpv6"] as const).map((name) => (
          <li key={name} className="flex items-center gap-2 py-1.5">
            <Select id={`${id}-${name}`} className="w-24" {...register(name)}>
              {choice}
            </Select>
            <label htmlFor={`${id}-${name}`} className="text-ink-2">
              {t(name === "defaultIpv4" ? "otherwise4" : "otherwise6")}
            </label>
          </li>
        ))}
      </ol>
      <Button size="sm" className="self-start" onClick={() => append({ action: "deny", cidr: "" })}>
        <Plus aria-hidden className="size-3.5" />
        {t("addNetwork")}
      </Button>
      <div className="mt-2 grid gap-4 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)]">
        <Field label={t("limit")} htmlFor={`${id}-timeout`} help={t("limitHint")} error={errors.timeout?.message}>
          <Input
            id={`${id}-timeout`}
            aria-describedby={`${id}-timeout-help`}
            aria-invalid={errors.timeout ? true : undefined}
            {...register("timeout")}
          />
        </Field>
        <Field label={t("prefix4")} htmlFor={`${id}-prefix4`} error={errors.ipv4Prefix?.message}>
          <Input id={`${id}-prefix4`} type="number" {...register("ipv4Prefix", { valueAsNumber: true })} />
        </Field>
        <Field label={t("prefix6")} htmlFor={`${id}-prefix6`} help={t("prefixHint")} error={errors.ipv6Prefix?.message}>
          <Input
            id={`${id}-prefix6`}
            type="number"
            aria-describedby={`${id}-prefix6-help`}
            {...register("ipv6Prefix", { valueAsNumber: true })}
          />
        </Field>
      </div>
    </fieldset>
  );
}

type Line = { action?: string | undefined; cidr?: string | undefined } | undefined;

const isSaved = (saved: readonly Line[], { action, cidr }: { action: string; cidr: string }): boolean =>
  saved.some((line) => line?.action === action && line.cidr === cidr);

/** How often a line has decided. */
function Hits({ count }: { count: number | null }) {
  const t = useTranslations("registration");
  return count === null ? null : (
    <span className="text-meta whitespace-nowrap text-ink-3 tabular-nums">{t("hits", { count })}</span>
  );
}
