"use client";

import { X } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import type { Condition, Policy } from "@/lib/contracts/policy.ts";
import { ConditionCount } from "./condition-count.tsx";
import { conditionKinds, readCondition, shapeOf, writeCondition } from "./condition.ts";

interface Props {
  condition: Condition;
  /** Number for the labels, from 1. */
  line: number;
  acls: string[];
  draft: Policy | null;
  onChange: (condition: Condition) => void;
  onRemove: () => void;
}

export function ConditionEditor({ condition, line, acls, draft, onChange, onRemove }: Props) {
  const t = useTranslations("access");
  const [isTouched, setTouched] = useState(false);
  const parts = readCondition(condition);
  const shape = shapeOf(parts.kind);
  const names = parts.value && !acls.includes(parts.value) ? [...acls, parts.value] : acls;
  const setKind = (kind: (typeof conditionKinds)[number]) =>
    onChange(
      writeCondition({
        kind,
        value: kind === "acl" ? (acls[0] ?? "") : parts.kind === "acl" ? "" : parts.value,
        server: parts.server,
      }),
    );
  return (
    <div className="flex flex-wrap items-center gap-1.5" onFocus={() => setTouched(true)}>
      <Select
        aria-label={t("kind", { line })}
        value={parts.kind}
        onChange={(event) => setKind(conditionKinds.find((kind) => kind === event.target.value) ?? "none")}
        className="w-44"
      >
        {conditionKinds.map((kind) => (
          <option key={kind} value={kind}>
            {t(`kinds.${kind}`)}
          </option>
        ))}
      </Select>
      {parts.kind === "acl" ? (
        <Select
          aria-label={t("value", { line })}
          value={parts.value}
          onChange={(event) => onChange({ acl: event.target.value })}
          className="min-w-32 flex-1"
        >
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      ) : shape === "word" ? null : (
        <Input
          aria-label={t(shape === "pair" ? "valueUser" : "value", { line })}
          value={parts.value}
          spellCheck={false}
          autoCapitalize="none"
          onChange={(event) => onChange(writeCondition({ ...parts, value: event.target.value }))}
          className="min-w-32 flex-1 font-mono text-meta"
        />
      )}
      {shape === "pair" ? (
        <Input
          aria-label={t("valueServer", { line })}
          value={parts.server}
          spellCheck={false}
          autoCapitalize="none"
          onChange={(event) => onChange(writeCondition({ ...parts, server: event.target.value }))}
          className="min-w-32 flex-1 font-mono text-meta"
        />
      ) : null}
      <IconButton label={t("removeCondition", { line })} size="sm" onClick={onRemove}>
        <X aria-hidden className="size-4" />
      </IconButton>
      {isTouched ? <ConditionCount condition={condition} draft={draft} /> : null}
    </div>
  );
}
