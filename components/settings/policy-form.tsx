"use client";

import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { useLeaveGuard } from "@/components/kit/use-leave-guard.ts";
import { Button } from "@/components/ui/button.tsx";
import { Panel } from "@/components/ui/panel.tsx";

interface Props {
  title: string;
  note: string;
  mayChange: boolean;
  isDirty: boolean;
  /** The mutation that makes the revision. */
  save: { readonly isPending: boolean; readonly error: Error | null };
  onSave: () => void;
  onDiscard: () => void;
  /** Beside the buttons that save. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A part of the policy with few fields: what is written is applied as a revision, or taken back. */
export function PolicyForm({ title, note, mayChange, isDirty, save, onSave, onDiscard, actions, children }: Props) {
  const t = useTranslations();
  useLeaveGuard(isDirty && !save.isPending);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
    >
      <Panel title={title} note={note}>
        <fieldset disabled={!mayChange} className="flex max-w-[720px] flex-col gap-5">
          {save.error ? <ProblemBanner error={save.error} /> : null}
          {children}
          {mayChange ? (
            <div className="flex flex-wrap gap-2">
              <Button type="submit" variant="primary" disabled={!isDirty || save.isPending}>
                {t("access.apply")}
              </Button>
              <Button disabled={!isDirty} onClick={onDiscard}>
                {t("common.discard")}
              </Button>
              {actions}
            </div>
          ) : null}
        </fieldset>
      </Panel>
    </form>
  );
}
