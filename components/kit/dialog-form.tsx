"use client";

import type { FormEvent, KeyboardEvent, ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button.tsx";
import { DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { ProblemBanner } from "./problem-banner.tsx";
import { isSaveKey } from "./use-keys.ts";

interface Props {
  /** What the server said of the last try, unless a field says it; shown above the fields. */
  error?: Error | null;
  isReady?: boolean;
  isPending?: boolean;
  /** A promise that rejects leaves the dialog open. */
  onSubmit: () => void | Promise<unknown>;
  onClose: () => void;
  confirm: string;
  danger?: boolean;
  /** Beside the buttons. */
  note?: ReactNode;
  children: ReactNode;
}

/** A dialog in which something is filled in: fields, then the buttons. */
export function DialogForm(props: Props) {
  const {
    error = null,
    isReady = true,
    isPending = false,
    onSubmit,
    onClose,
    confirm,
    danger = false,
    note,
    children,
  } = props;
  const t = useTranslations("common");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isReady) await onSubmit();
  };
  const onKey = (event: KeyboardEvent<HTMLFormElement>) => {
    if (!isSaveKey(event)) return;
    event.preventDefault();
    event.currentTarget.requestSubmit();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- hears the keys of the fields inside
    <form
      onKeyDown={onKey}
      onSubmit={(event) => void submit(event).catch(() => undefined)}
      noValidate
      className="flex min-h-0 flex-1 flex-col"
    >
      <DialogBody>
        {error ? <ProblemBanner error={error} /> : null}
        {children}
      </DialogBody>
      <DialogFooter>
        {note}
        <Button onClick={onClose}>{t("cancel")}</Button>
        <Button type="submit" variant={danger ? "danger" : "primary"} disabled={isPending || !isReady}>
          {confirm}
        </Button>
      </DialogFooter>
    </form>
  );
}
