"use client";

import { type ComponentProps, type ReactNode, useId } from "react";
import { Controller, useFormContext, useFormState } from "react-hook-form";
import { Field, ToggleField } from "@/components/kit/field.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Input, Textarea } from "@/components/ui/input.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { Select } from "@/components/ui/select.tsx";
import type { TargetFormInput } from "./target-form.ts";

/** Every name of a field that some kind of target has. */
type KeyOfAny<T> = T extends unknown ? keyof T & string : never;
export type FieldName = KeyOfAny<TargetFormInput>;
type AnyForm = Record<FieldName, unknown>;

interface Props {
  name: FieldName;
  label: ReactNode;
  help?: ReactNode;
  note?: ReactNode;
}

function useField(name: FieldName) {
  const id = useId();
  const { control, register } = useFormContext<AnyForm>();
  const state = useFormState({ control, name });
  const error = state.errors[name]?.message;
  return { id, control, register, error: typeof error === "string" ? error : undefined };
}

const described = (id: string, help: ReactNode, error: string | undefined) => ({
  "aria-invalid": error ? true : undefined,
  "aria-describedby": [help ? `${id}-help` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || undefined,
});

export function TextField({
  name,
  label,
  help,
  note,
  ...input
}: Props & Omit<ComponentProps<"input">, keyof Props | "id">) {
  const { id, register, error } = useField(name);
  return (
    <Field label={label} htmlFor={id} help={help} note={note} error={error}>
      <Input
        id={id}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="none"
        {...described(id, help, error)}
        {...input}
        {...register(name)}
      />
    </Field>
  );
}

/** A number; empty is null where the setting may be left out. */
export function NumberField({ name, label, help, isOptional }: Props & { isOptional?: boolean }) {
  const { id, register, error } = useField(name);
  return (
    <Field label={label} htmlFor={id} help={help} error={error}>
      <Input
        id={id}
        type="number"
        inputMode="decimal"
        step="any"
        {...described(id, help, error)}
        {...register(name, {
          setValueAs: (value: unknown) =>
            isOptional && (value === "" || value === null) ? null : Number(value === "" ? Number.NaN : value),
        })}
      />
    </Field>
  );
}

/** An address that may be left out: empty is null. */
export function OptionalUrlField({ name, label, help, placeholder }: Props & { placeholder?: string }) {
  const { id, register, error } = useField(name);
  return (
    <Field label={label} htmlFor={id} help={help} error={error}>
      <Input
        id={id}
        type="url"
        spellCheck={false}
        placeholder={placeholder}
        {...described(id, help, error)}
        {...register(name, { setValueAs: (value: unknown) => (value === "" || value === null ? null : value) })}
      />
    </Field>
  );
}

export function SelectField({
  name,
  label,
  help,
  options,
}: Props & { options: readonly { value: string; label: string }[] }) {
  const { id, register, error } = useField(name);
  return (
    <Field label={label} htmlFor={id} help={help} error={error}>
      <Select id={id} className="w-full" {...described(id, help, error)} {...register(name)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </Select>
    </Field>
  );
}

export function ChoiceField({
  name,
  label,
  help,
  options,
}: Omit<Props, "label"> & { label: string; options: readonly { value: string; label: string }[] }) {
  const { id, control } = useField(name);
  return (
    <div className="flex flex-col gap-1">
      <span className="font-medium">{label}</span>
      <Controller
        control={control}
        name={name}
        render={({ field }) => (
          <Segmented
            label={label}
            value={String(field.value)}
            onChange={field.onChange}
            options={options}
            className="self-start"
          />
        )}
      />
      {help ? (
        <p id={`${id}-help`} className="text-meta text-ink-3">
          {help}
        </p>
      ) : null}
    </div>
  );
}

export function CheckField({ name, label, help }: Props) {
  const { id, register } = useField(name);
  return (
    <ToggleField label={label} htmlFor={id} help={help}>
      <Checkbox id={id} aria-describedby={help ? `${id}-help` : undefined} {...register(name)} />
    </ToggleField>
  );
}

/** A list, one entry a line. */
export function LinesField({ name, label, help, placeholder }: Props & { placeholder?: string }) {
  const { id, control, error } = useField(name);
  return (
    <Field label={label} htmlFor={id} help={help} error={error}>
      <Controller
        control={control}
        name={name}
        render={({ field }) => (
          <Textarea
            id={id}
            rows={2}
            spellCheck={false}
            placeholder={placeholder}
            className="font-mono text-meta"
            defaultValue={Array.isArray(field.value) ? field.value.join("\n") : ""}
            onBlur={field.onBlur}
            onChange={(event) => field.onChange(event.target.value.split(/[\s,]+/).filter(Boolean))}
            {...described(id, help, error)}
          />
        )}
      />
    </Field>
  );
}
