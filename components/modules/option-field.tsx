"use client";

import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Field } from "@/components/kit/field.tsx";
import { SentenceGap } from "@/components/kit/joints.tsx";
import { useSentence } from "@/components/kit/use-sentence.ts";
import { Button } from "@/components/ui/button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { Switch } from "@/components/ui/switch.tsx";
import { isChanged, type Option } from "./option-schema.ts";

interface Props {
  option: Option;
  /** undefined: it is not set, so the default counts. */
  value: unknown;
  onChange: (value: unknown) => void;
  error: string | undefined;
  isDisabled: boolean;
}

/** One option of a module, asked for by its type, with its default beside it. */
export function OptionField({ option, value, onChange, error, isDisabled }: Props) {
  const t = useTranslations("modules");
  const sentence = useSentence();
  const id = useId();
  const shown = value === undefined ? option.default : value;
  const changed = isChanged(option, value);
  return (
    <Field
      htmlFor={id}
      error={error}
      label={
        <span className="inline-flex items-center gap-2">
          {changed ? (
            <span role="img" aria-label={t("changed")} title={t("changed")} className="size-2 rounded-full bg-accent" />
          ) : null}
          <code className="font-mono text-meta">{option.name}</code>
        </span>
      }
      note={option.kind === "json" ? t("json") : null}
      help={
        <>
          {sentence(option.description)}
          <SentenceGap />
          {t("default", { value: defaultText(option.default, t("defaultEmpty")) })}
          {option.least !== null && option.most !== null
            ? ` · ${t("range", { least: option.least, most: option.most })}`
            : ""}
          {changed && !isDisabled ? (
            <Button
              variant="ghost"
              size="sm"
              className="ml-1 h-6 px-1.5 text-accent"
              onClick={() => onChange(undefined)}
            >
              {t("useDefault")}
            </Button>
          ) : null}
        </>
      }
    >
      <Control id={id} option={option} value={shown} onChange={onChange} isDisabled={isDisabled} />
    </Field>
  );
}

interface ControlProps extends Omit<Props, "error"> {
  id: string;
}

function Control({ id, option, value, onChange, isDisabled }: ControlProps) {
  const t = useTranslations("modules");
  const shared = { id, disabled: isDisabled, "aria-describedby": `${id}-help` };
  switch (option.kind) {
    case "switch":
      return (
        <span className="flex h-8 items-center gap-2">
          <Switch {...shared} checked={value === true} onCheckedChange={onChange} />
          {t(value === true ? "on" : "off")}
        </span>
      );
    case "choice":
      return (
        <Select
          {...shared}
          value={typeof value === "string" ? value : ""}
          onChange={(event) => onChange(event.target.value)}
          className="max-w-64"
        >
          {value === undefined || value === null ? <option value="">{t("notSet")}</option> : null}
          {option.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </Select>
      );
    case "number":
      return (
        <Input
          {...shared}
          inputMode="decimal"
          value={typeof value === "number" || typeof value === "string" ? value : ""}
          placeholder={option.isNullable ? t("notSet") : undefined}
          onChange={(event) => onChange(numberOf(event.target.value, option.isNullable))}
          className="max-w-48 font-mono"
        />
      );
    case "text":
      return (
        <Input
          {...shared}
          value={typeof value === "string" ? value : ""}
          placeholder={option.isNullable ? t("notSet") : undefined}
          onChange={(event) => onChange(event.target.value === "" && option.isNullable ? null : event.target.value)}
          spellCheck={false}
          autoCapitalize="none"
          className="max-w-xl"
        />
      );
    default:
      return <JsonControl {...shared} value={value} isList={option.kind === "list"} onChange={onChange} />;
  }
}

interface JsonProps {
  id: string;
  disabled: boolean;
  "aria-describedby": string;
  value: unknown;
  /** One text a line. */
  isList: boolean;
  onChange: (value: unknown) => void;
}

function JsonControl({ value, isList, onChange, ...shared }: JsonProps) {
  const t = useTranslations("modules");
  const told = textOf(value, isList);
  const [draft, setDraft] = useState<{ text: string; told: string } | null>(null);
  const text = draft !== null && draft.told === told ? draft.text : told;
  const isBad = draft !== null && parsed(text, isList) === undefined;
  const change = (next: string) => {
    const read = parsed(next, isList);
    setDraft({ text: next, told: read === undefined ? told : textOf(read.value, isList) });
    if (read !== undefined) onChange(read.value);
  };
  return (
    <>
      <textarea
        {...shared}
        value={text}
        rows={Math.min(10, Math.max(2, text.split("\n").length))}
        spellCheck={false}
        aria-invalid={isBad || undefined}
        onChange={(event) => change(event.target.value)}
        className="w-full max-w-xl rounded-control border border-line-strong bg-surface px-2.5 py-1.5 font-mono text-meta disabled:opacity-55 aria-invalid:border-err"
      />
      {isBad ? (
        <p role="alert" className="text-meta text-err">
          {t("badJson")}
        </p>
      ) : null}
    </>
  );
}

// What is no number goes to the server as it is, which says what it expects.
function numberOf(text: string, isNullable: boolean): unknown {
  const trimmed = text.trim();
  if (trimmed === "") return isNullable ? null : "";
  const value = Number(trimmed);
  return Number.isNaN(value) ? text : value;
}

function textOf(value: unknown, isList: boolean): string {
  if (isList) return Array.isArray(value) ? value.join("\n") : "";
  return value === undefined ? "" : JSON.stringify(value, null, 2);
}

function parsed(text: string, isList: boolean): { value: unknown } | undefined {
  if (isList) return { value: text.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()])) };
  if (text.trim() === "") return { value: undefined };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function defaultText(value: unknown, empty: string): string {
  if (value === undefined || value === null || value === "") return empty;
  return typeof value === "string" ? value : JSON.stringify(value);
}
