"use client";

import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";
import { Banner } from "@/components/ui/banner.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { useProblemText } from "./problem-text.ts";
import { TypedField } from "./typed-field.tsx";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  text: ReactNode;
  confirm: string;
  onConfirm: () => Promise<unknown>;
  danger?: boolean;
  /** What cannot be undone asks for this name to be typed. */
  typed?: string;
  isDisabled?: boolean;
  children?: ReactNode;
}

/** Asks before something that is hard or impossible to undo. Closes itself when the deed is done. */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  text,
  confirm,
  onConfirm,
  danger,
  typed,
  isDisabled,
  children,
}: Props) {
  const t = useTranslations("common");
  const problemText = useProblemText();
  const [name, setName] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const change = (next: boolean) => {
    setName("");
    setError(null);
    onOpenChange(next);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    // A dialog may stand inside another form of the page (in React's tree, not in the document).
    event.stopPropagation();
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      change(false);
    } catch (caught) {
      setError(caught);
    }
    setBusy(false);
  };

  return (
    <Dialog open={open} onOpenChange={change} title={title} description={text} size="md">
      <form onSubmit={(event) => void submit(event)} className="flex min-h-0 flex-col">
        <DialogBody className="empty:hidden">
          {children}
          {typed ? <TypedField name={typed} value={name} onChange={setName} /> : null}
          {error ? (
            <Banner tone="err" alert>
              {problemText(error)}
            </Banner>
          ) : null}
        </DialogBody>
        <DialogFooter>
          <Button onClick={() => change(false)}>{t("cancel")}</Button>
          <Button
            type="submit"
            variant={danger ? "danger" : "primary"}
            disabled={isBusy || (isDisabled ?? false) || (typed !== undefined && name !== typed)}
          >
            {confirm}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
