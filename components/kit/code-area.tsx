"use client";

import { type ComponentProps, useRef } from "react";
import { useTranslations } from "use-intl";
import { cn } from "@/lib/format/cn.ts";
import type { Coded } from "./use-refusal.ts";
import { useTold } from "./use-told.ts";

/** Something wrong in a text; line and column count from 1, null where only the whole is known to be wrong. */
export interface CodeProblem extends Coded {
  message: string;
  line: number | null;
  column: number | null;
}

interface Props extends Omit<ComponentProps<"textarea">, "value" | "onChange" | "ref"> {
  id: string;
  value: string;
  onChange: (text: string) => void;
  problems: readonly CodeProblem[];
  isWrapped?: boolean;
}

const text = "font-mono text-meta leading-5 px-2.5 py-1.5 tab-2";

/** A text with the places marked where something is wrong; a click on the sentence goes there. */
export function CodeArea({ id, value, onChange, problems, isWrapped, className, ...props }: Props) {
  const t = useTranslations("common");
  const told = useTold();
  const area = useRef<HTMLTextAreaElement>(null);
  const backdrop = useRef<HTMLDivElement>(null);
  const wrap = isWrapped ? "whitespace-pre-wrap wrap-anywhere" : "whitespace-pre";
  const marked = problems.filter((problem) => problem.line !== null);

  const goTo = ({ line, column }: CodeProblem) => {
    const lines = value.split("\n");
    const before = lines.slice(0, (line ?? 1) - 1).reduce((sum, each) => sum + each.length + 1, 0);
    const at = Math.min(value.length, before + Math.max(0, (column ?? 1) - 1));
    area.current?.focus();
    area.current?.setSelectionRange(at, at);
  };

  return (
    <div className="flex flex-col gap-1">
      <div
        className={cn(
          "relative overflow-hidden rounded-control border border-line-strong bg-surface focus-within:border-accent focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent",
          problems.length > 0 && "border-err",
        )}
      >
        <div
          ref={backdrop}
          aria-hidden
          className={cn("pointer-events-none absolute inset-0 overflow-hidden", text, wrap)}
        >
          {value.split("\n").map((line, index) => (
            <Line key={index} text={line} problem={marked.find((problem) => problem.line === index + 1)} />
          ))}
        </div>
        <textarea
          ref={area}
          id={id}
          value={value}
          spellCheck={false}
          autoCapitalize="none"
          autoCorrect="off"
          aria-invalid={problems.length > 0 ? true : undefined}
          aria-errormessage={problems.length > 0 ? `${id}-problems` : undefined}
          onChange={(event) => onChange(event.target.value)}
          onScroll={(event) => {
            if (!backdrop.current) return;
            backdrop.current.scrollTop = event.currentTarget.scrollTop;
            backdrop.current.scrollLeft = event.currentTarget.scrollLeft;
          }}
          className={cn("relative block w-full bg-transparent text-ink outline-none", text, wrap, className)}
          {...props}
        />
      </div>
      {problems.length > 0 ? (
        <ul id={`${id}-problems`} aria-live="polite" className="flex flex-col gap-0.5 text-meta text-err">
          {problems.map((problem, index) => (
            <li key={index} className="wrap-anywhere">
              {problem.line === null ? null : (
                <button
                  type="button"
                  onClick={() => goTo(problem)}
                  className="mr-1.5 min-h-6 font-medium underline underline-offset-2"
                >
                  {t("lineColumn", { line: problem.line, column: problem.column ?? 1 })}
                </button>
              )}
              {told(problem)}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}

/** Transparent text under the typed one: only its marks are seen. */
function Line({ text: line, problem }: { text: string; problem: CodeProblem | undefined }) {
  if (!problem) return <div className="min-h-5 text-transparent">{line}</div>;
  const at = Math.min(Math.max(0, (problem.column ?? 1) - 1), Math.max(0, line.length - 1));
  return (
    <div className="-mx-2.5 min-h-5 bg-err-soft px-2.5 text-transparent">
      {line.slice(0, at)}
      <span className="underline decoration-err decoration-wavy underline-offset-4">
        {line.slice(at, at + 1) || " "}
      </span>
      {line.slice(at + 1)}
    </div>
  );
}
