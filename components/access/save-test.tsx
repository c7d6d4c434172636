"use client";

import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Field } from "@/components/kit/field.tsx";
import { May } from "@/components/kit/may.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Button } from "@/components/ui/button.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import type { Policy, PolicyTest } from "@/lib/contracts/policy.ts";

interface Props {
  policy: Policy;
  /** The question that was asked, with the answer that it got. */
  question: Omit<PolicyTest, "name">;
  onSave: (test: PolicyTest) => void;
}

const isSame = (test: PolicyTest, { rule, jid, ip, host }: Props["question"]): boolean =>
  test.rule === rule && test.jid === jid && test.ip === ip && test.host === host;

/** Keeps a question of the simulator, with its answer, as a test of the policy. */
export function SaveTest({ policy, question, onSave }: Props) {
  const t = useTranslations();
  const id = useId();
  const [name, setName] = useState<string | null>(null);
  const save = () => {
    onSave({ ...question, name: name?.trim() || question.jid.slice(0, 100) });
    setName(null);
    toast.success(t("policy.tests.saved"));
  };
  if (policy.tests.some((test) => isSame(test, question)))
    return <p className="text-meta text-ink-3">{t("policy.tests.kept")}</p>;
  return (
    <May call="policy.apply">
      <Button
        size="sm"
        className="self-start"
        onClick={() => setName(`${question.rule}: ${question.jid}`.slice(0, 100))}
      >
        {t("policy.tests.save")}
      </Button>
      <Dialog open={name !== null} onOpenChange={(open) => !open && setName(null)} title={t("policy.tests.save")}>
        <DialogForm onSubmit={save} onClose={() => setName(null)} confirm={t("common.add")}>
          <p className="text-ink-2">{t("policy.tests.saveText")}</p>
          <Field label={t("policy.tests.name")} htmlFor={id}>
            <Input id={id} value={name ?? ""} maxLength={100} onChange={(event) => setName(event.target.value)} />
          </Field>
        </DialogForm>
      </Dialog>
    </May>
  );
}
