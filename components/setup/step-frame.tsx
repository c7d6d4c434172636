"use client";

import { type FormEvent, type ReactNode, useEffect, useRef } from "react";
import { useTranslations } from "use-intl";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { steps } from "./setup-values.ts";
import type { StepNav } from "./step-props.ts";

interface Props {
  nav: StepNav;
  title?: string;
  error?: Error | null;
  /** What the button that ends the step says. */
  next?: string;
  isBusy?: boolean;
  /** The step may be left as it is. */
  canSkip?: boolean;
  onSubmit: () => void;
  children: ReactNode;
}

/** A step: how far it is, what is asked, and the buttons. */
export function StepFrame({ nav, title, error, next, isBusy = false, canSkip = false, onSubmit, children }: Props) {
  const t = useTranslations("setup");
  const heading = useRef<HTMLHeadingElement>(null);
  const index = steps.indexOf(nav.step);
  useEffect(() => {
    if (nav.hasMoved) heading.current?.focus();
  }, [nav.hasMoved]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-5">
      <div>
        <p className="text-meta text-ink-3">{t("step", { current: index + 1, total: steps.length })}</p>
        <h1 ref={heading} tabIndex={-1} className="text-title font-semibold focus:outline-none">
          {title ?? t(`steps.${nav.step}`)}
        </h1>
        <ol aria-hidden className="mt-3 flex gap-1.5">
          {steps.map((step, at) => (
            <li
              key={step}
              className={at <= index ? "h-1 flex-1 rounded-full bg-accent" : "h-1 flex-1 rounded-full bg-line"}
            />
          ))}
        </ol>
      </div>
      {error ? <ProblemBanner error={error} /> : null}
      {children}
      <div className="flex flex-wrap justify-end gap-2">
        {nav.onBack === null ? null : (
          <Button size="lg" className="mr-auto" onClick={nav.onBack}>
            {t("back")}
          </Button>
        )}
        {canSkip ? (
          <Button size="lg" variant="ghost" onClick={nav.onNext}>
            {t("skip")}
          </Button>
        ) : null}
        <Button type="submit" size="lg" variant="primary" disabled={isBusy}>
          {next ?? t("next")}
        </Button>
      </div>
    </form>
  );
}
