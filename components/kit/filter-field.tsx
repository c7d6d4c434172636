"use client";

import { Search } from "lucide-react";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Input } from "@/components/ui/input.tsx";
import { complete, type Suggestion } from "@/lib/filter/completion.ts";
import { cn } from "@/lib/format/cn.ts";
import { visible } from "@/lib/format/visible.ts";
import { FilterChip } from "./filter-chip.tsx";
import type { FilterTerm } from "./filter-terms.ts";
import { SentenceGap, useJoints } from "./joints.tsx";
import { useFilterText } from "./use-filter-text.ts";
import type { Negation } from "./use-negation.ts";

interface Props {
  label: string;
  search: string;
  onSearch: (words: string) => void;
  terms: readonly FilterTerm[];
  /** Left out: no term of the list can be turned round. */
  negation?: Negation;
  className?: string;
}

/**
 * The field that a list is filtered with: words to search for, and terms such as `state:dead`, with completion. Terms that are
 * set are shown as chips behind it, and Backspace in the empty field takes the last one back.
 */
export function FilterField({ label, search, onSearch, terms, negation, className }: Props) {
  const t = useTranslations("filter");
  const { colon, comma } = useJoints();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { text, problems, type, finish, takeBack } = useFilterText(search, onSearch, terms, negation);
  const [caret, setCaret] = useState<number | null>(null);
  const [active, setActive] = useState(-1);
  const isTurned = (name: string): boolean => negation?.names.includes(name) ?? false;
  const completable = terms.map(({ shape, label: about, options }) => ({
    name: shape.name,
    label: about,
    options,
    isTurnable: negation?.isPossible(shape.name) ?? false,
  }));
  const { start, end, suggestions } = complete(text, caret ?? 0, completable);
  const isOpen = caret !== null && suggestions.length > 0;

  const close = () => {
    setCaret(null);
    setActive(-1);
  };
  const take = (suggestion: Suggestion) => {
    const next = `${text.slice(0, start)}${suggestion.text}${text.slice(end)}`;
    if (suggestion.isWhole) {
      finish(next);
      close();
    } else {
      type(next);
      setCaret(start + suggestion.text.length);
      setActive(-1);
    }
    input.current?.focus();
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    const chosen = suggestions[active];
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      setCaret(event.currentTarget.selectionStart);
      setActive(Math.min(suggestions.length - 1, Math.max(-1, active + step)));
    } else if (event.key === "Enter") {
      if (isOpen && chosen) take(chosen);
      else {
        finish();
        close();
      }
    } else if (event.key === "Tab" && isOpen && chosen) take(chosen);
    else if (event.key === "Escape" && isOpen) close();
    else if (event.key === "Backspace" && text === "") takeBack();
    else return;
    event.preventDefault();
    if (event.key === "Escape") event.stopPropagation();
  };

  return (
    <>
      <span className={cn("relative block", className)}>
        <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
        <Input
          ref={input}
          type="search"
          role="combobox"
          aria-label={label}
          aria-autocomplete="list"
          aria-expanded={isOpen}
          aria-controls={`${id}-list`}
          aria-activedescendant={isOpen && active >= 0 ? `${id}-${active}` : undefined}
          aria-invalid={problems.length > 0 || undefined}
          aria-describedby={problems.length > 0 ? `${id}-problem` : undefined}
          placeholder={label}
          value={text}
          onChange={(event) => {
            type(event.target.value);
            setCaret(event.target.selectionStart);
            setActive(-1);
          }}
          onKeyDown={onKey}
          onBlur={() => {
            finish();
            close();
          }}
          autoCapitalize="none"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          className="pl-8"
        />
        <div
          id={`${id}-list`}
          role="listbox"
          aria-label={t("suggestions")}
          hidden={!isOpen}
          className="absolute top-full left-0 z-20 mt-1 max-h-72 w-max max-w-[min(28rem,90vw)] min-w-full overflow-y-auto rounded-panel border border-line bg-surface p-1 shadow-overlay"
        >
          {suggestions.map((suggestion, index) => (
            <button
              type="button"
              tabIndex={-1}
              key={suggestion.text}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              // The field keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(suggestion)}
              className={cn(
                "flex min-h-8 w-full items-center gap-3 rounded-badge px-2 text-left hover:bg-sunken",
                index === active && "bg-sunken",
              )}
            >
              <code className="font-mono text-meta">{visible(suggestion.text)}</code>
              <span className="ml-auto text-meta text-ink-3">{suggestion.note}</span>
            </button>
          ))}
        </div>
      </span>
      {terms.map(({ shape, chip, isShown, set }) => {
        const isNot = isTurned(shape.name);
        const text = visible(chip?.join(colon) ?? "");
        return chip === null || (isShown && !isNot) ? null : (
          <FilterChip
            key={shape.name}
            text={isNot ? t("not", { term: text }) : text}
            onRemove={() => {
              set(null);
              negation?.drop([shape.name]);
            }}
          />
        );
      })}
      {problems.length > 0 ? (
        <p id={`${id}-problem`} role="alert" className="order-last w-full text-meta text-err">
          {problems.map((problem) => {
            const values = { name: problem.name, value: problem.kind === "bad-value" ? visible(problem.value) : "" };
            const known = terms.find(({ shape }) => shape.name === problem.name);
            const possible = known?.shape.values ?? terms.map(({ shape }) => shape.name);
            return (
              <span key={problem.name} className="mr-3">
                {t(known?.shape.kind === "time" && problem.kind === "bad-value" ? "bad-time" : problem.kind, values)}
                <SentenceGap />
                {problem.kind === "twice" ||
                problem.kind === "no-not" ||
                (known !== undefined && known.shape.values === undefined) ? null : (
                  <code className="font-mono">{possible.join(comma)}</code>
                )}
              </span>
            );
          })}
        </p>
      ) : null}
    </>
  );
}
