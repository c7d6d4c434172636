"use client";

import { type ReactNode, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { Field } from "@/components/kit/field.tsx";
import { PasswordInput } from "@/components/kit/password-input.tsx";

interface Props {
  open: boolean;
  onClose: () => void;
  title: string;
  text: ReactNode;
  confirm: string;
  danger?: boolean;
  onConfirm: (password: string) => Promise<void>;
}

/** What touches the way one logs in asks for the password again: an open console is not enough. */
export function PasswordDialog({ open, onClose, onConfirm, ...texts }: Props) {
  const t = useTranslations("factors");
  const id = useId();
  const [password, setPassword] = useState("");
  const close = () => {
    setPassword("");
    onClose();
  };
  return (
    <ConfirmDialog
      {...texts}
      open={open}
      onOpenChange={(next) => !next && close()}
      isDisabled={password === ""}
      onConfirm={() => onConfirm(password)}
    >
      <Field label={t("password")} htmlFor={id}>
        <PasswordInput
          id={id}
          value={password}
          autoComplete="current-password"
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
    </ConfirmDialog>
  );
}
