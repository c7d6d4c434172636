"use client";

import { useId } from "react";
import { useController, useFormContext } from "react-hook-form";
import { Field } from "@/components/kit/field.tsx";
import { SecretFile } from "@/components/kit/secret-file.tsx";
import type { TargetCheck } from "@/lib/contracts/simulation.ts";
import { FileNotes } from "./check-notes.tsx";
import { keptSecret } from "./target-form.ts";

interface Props {
  name: "key" | "serviceAccount";
  label: string;
  help: string;
  accept: string;
  check: TargetCheck;
  onFile?: (name: string) => void;
}

/** A key file with what the server reads in it. */
export function SecretField({ name, label, help, accept, check, onFile }: Props) {
  const id = useId();
  const { control } = useFormContext<Record<Props["name"], string>>();
  const { field, fieldState } = useController({ control, name });
  const isKept = field.value === keptSecret;
  return (
    <Field label={label} htmlFor={id} help={help} error={fieldState.error?.message}>
      <SecretFile
        id={id}
        label={label}
        value={isKept ? "" : field.value}
        isKept={isKept}
        accept={accept}
        isInvalid={fieldState.invalid || check.problems.some((problem) => problem.field === name)}
        onChange={(text, fileName) => {
          field.onChange(text);
          if (fileName !== null) onFile?.(fileName);
        }}
      />
      {field.value === "" ? null : <FileNotes check={check} field={name} />}
    </Field>
  );
}
