"use client";

import { ArrowDown, ArrowUp, GripVertical, X } from "lucide-react";
import { type DragEvent, type KeyboardEvent, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Select } from "@/components/ui/select.tsx";
import type { AccessLine, Policy, PolicyIssue } from "@/lib/contracts/policy.ts";
import { cn } from "@/lib/format/cn.ts";
import { ConditionEditor } from "./condition-editor.tsx";
import { IssueNotes } from "./issue-notes.tsx";
import { join, split } from "./line.ts";

interface Props {
  lines: AccessLine[];
  index: number;
  acls: string[];
  issues: PolicyIssue[];
  draft: Policy | null;
  /** Which line of the rule is being dragged. */
  dragged: number | null;
  onDrag: (index: number | null) => void;
  /** Something dragged was let go over this line. */
  onDrop: () => void;
  onMove: (to: number) => void;
  onChange: (lines: AccessLine[]) => void;
}

/** One line; its grip, Alt with an arrow key, or the buttons move it. */
export function LineEditor(props: Props) {
  const { lines, index, acls, issues, draft, dragged, onDrag, onDrop, onMove, onChange } = props;
  const t = useTranslations("access");
  const item = useRef<HTMLLIElement>(null);
  const [isOver, setOver] = useState(false);
  const current = lines[index];
  if (!current) return null;
  const { action, all } = split(current);
  const number = { line: index + 1 };
  const set = (next: AccessLine) => onChange(lines.with(index, next));
  const move = (by: number) => {
    const to = index + by;
    if (to < 0 || to >= lines.length) return;
    const list = item.current?.parentElement;
    onMove(to);
    requestAnimationFrame(() => list?.children[to]?.querySelector("select")?.focus());
  };
  const onKey = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    move(event.key === "ArrowUp" ? -1 : 1);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- hears the keys of the controls inside
    <li
      ref={item}
      onKeyDown={onKey}
      onDragOver={(event) => dragged !== null && event.preventDefault()}
      onDragEnter={() => dragged !== null && setOver(true)}
      onDragLeave={(event) => isLeft(event) && setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onDrop();
      }}
      className={cn(
        "rounded-control border border-line p-2.5",
        dragged === index && "opacity-50",
        isOver && dragged !== index && "border-accent bg-accent-soft",
      )}
    >
      <div className="mb-2 flex items-center gap-1.5">
        <span
          draggable
          title={t("drag", number)}
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = "move";
            if (item.current) event.dataTransfer.setDragImage(item.current, 0, 0);
            onDrag(index);
          }}
          onDragEnd={() => onDrag(null)}
          className="flex size-6 cursor-grab items-center justify-center text-ink-3 active:cursor-grabbing"
        >
          <GripVertical aria-hidden className="size-4" />
        </span>
        <Select
          aria-label={t("action", number)}
          value={action}
          onChange={(event) => set(join({ action: event.target.value === "deny" ? "deny" : "allow", all }))}
          className="w-32"
        >
          <option value="allow">{t("allowIf")}</option>
          <option value="deny">{t("denyIf")}</option>
        </Select>
        <span className="ml-auto flex">
          <IconButton label={t("up", number)} size="sm" disabled={index === 0} onClick={() => move(-1)}>
            <ArrowUp aria-hidden className="size-3.5" />
          </IconButton>
          <IconButton label={t("down", number)} size="sm" disabled={index === lines.length - 1} onClick={() => move(1)}>
            <ArrowDown aria-hidden className="size-3.5" />
          </IconButton>
          <IconButton label={t("removeLine", number)} size="sm" onClick={() => onChange(lines.toSpliced(index, 1))}>
            <X aria-hidden className="size-4" />
          </IconButton>
        </span>
      </div>
      <div className="flex flex-col gap-1.5">
        {all.map((condition, at) => (
          <ConditionEditor
            key={at}
            condition={condition}
            line={at + 1}
            acls={acls}
            draft={draft}
            onChange={(next) => set(join({ action, all: all.with(at, next) }))}
            onRemove={() => all.length > 1 && set(join({ action, all: all.toSpliced(at, 1) }))}
          />
        ))}
        <Button
          size="sm"
          variant="ghost"
          className="self-start"
          onClick={() => set(join({ action, all: [...all, { acl: acls[0] ?? "admin" }] }))}
        >
          {t("addAnd")}
        </Button>
        <IssueNotes issues={issues} />
      </div>
    </li>
  );
}

/** Not only on the way into something inside. */
function isLeft({ currentTarget, relatedTarget }: DragEvent<HTMLElement>): boolean {
  return !(relatedTarget instanceof Node && currentTarget.contains(relatedTarget));
}
