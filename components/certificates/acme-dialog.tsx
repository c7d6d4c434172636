"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field, ToggleField } from "@/components/kit/field.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useSettled } from "@/components/kit/use-settled.ts";
import { Button } from "@/components/ui/button.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { api } from "@/lib/api/client.ts";
import { AcmePolicy } from "@/lib/contracts/operations-policy.ts";
import { visible } from "@/lib/format/visible.ts";

interface Props {
  open: boolean;
  acme: AcmePolicy;
  hosts: readonly string[];
  onClose: () => void;
  onSaved?: () => void;
}

const settleMs = 500;

export function AcmeDialog({ open, onClose, ...props }: Props) {
  const t = useTranslations("certificates.acme");
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t("title")}
      description={t("text")}
      size="md"
    >
      {open ? <Form {...props} onClose={onClose} /> : null}
    </Dialog>
  );
}

function Form({ acme, hosts, onClose, onSaved }: Omit<Props, "open">) {
  const t = useTranslations();
  const id = useId();
  const [draft, setDraft] = useState(acme);
  const [contact, setContact] = useState(acme.contact ?? "");
  const [below, setBelow] = useState(acme.below.join(" "));
  const value = {
    ...draft,
    contact: contact.trim() === "" ? null : contact.trim(),
    below: below.split(/[\s,]+/).filter((label) => label !== ""),
  };
  const parsed = AcmePolicy.safeParse(value);
  const issueOf = (name: string) => parsed.error?.issues.find(({ path }) => path[0] === name)?.message;
  const directory = useSettled(value.directory, settleMs);
  const terms = useQuery(
    api.certificates.terms.queryOptions({
      input: { directory },
      enabled: AcmePolicy.shape.directory.safeParse(directory).success,
      retry: false,
      staleTime: Infinity,
    }),
  );
  const save = useMutation(api.certificates.setAcme.mutationOptions({ meta: { inline: true } }));

  return (
    <>
      <DialogBody>
        <Field
          label={t("certificates.acme.directory")}
          htmlFor={`${id}-directory`}
          help={t("certificates.acme.directoryHelp")}
          error={issueOf("directory") ? t("certificates.acme.badDirectory") : undefined}
        >
          <Input
            id={`${id}-directory`}
            type="url"
            value={draft.directory}
            spellCheck={false}
            onChange={(event) => setDraft({ ...draft, directory: event.target.value })}
          />
        </Field>
        <Field
          label={t("certificates.acme.contact")}
          htmlFor={`${id}-contact`}
          help={t("certificates.acme.contactHelp")}
          error={issueOf("contact") ? t("certificates.acme.badContact") : undefined}
        >
          <Input
            id={`${id}-contact`}
            type="email"
            value={contact}
            onChange={(event) => setContact(event.target.value)}
          />
        </Field>
        <fieldset>
          <legend className="mb-1 font-medium">{t("certificates.acme.hosts")}</legend>
          <div className="flex flex-col gap-1.5">
            {hosts.map((host) => (
              <ToggleField key={host} label={<bdi>{host}</bdi>} htmlFor={`${id}-${host}`}>
                <Checkbox
                  id={`${id}-${host}`}
                  checked={draft.hosts.includes(host)}
                  onChange={(event) =>
                    setDraft({
                      ...draft,
                      hosts: event.target.checked
                        ? [...draft.hosts, host]
                        : draft.hosts.filter((each) => each !== host),
                    })
                  }
                />
              </ToggleField>
            ))}
          </div>
        </fieldset>
        <Field
          label={t("certificates.acme.below")}
          htmlFor={`${id}-below`}
          help={t("certificates.acme.belowHelp")}
          error={issueOf("below") ? t("certificates.acme.badBelow") : undefined}
        >
          <Input
            id={`${id}-below`}
            value={below}
            placeholder="conference upload"
            spellCheck={false}
            autoCapitalize="none"
            onChange={(event) => setBelow(event.target.value)}
          />
        </Field>
        <div>
          <p className="mb-1 font-medium">{t("certificates.acme.challenge")}</p>
          <Segmented
            label={t("certificates.acme.challenge")}
            value={draft.challenge}
            options={AcmePolicy.shape.challenge.unwrap().options.map((each) => ({
              value: each,
              label: t(`certificates.acme.challenges.${each}`),
            }))}
            onChange={(challenge) => setDraft({ ...draft, challenge })}
          />
          <p className="mt-1 text-meta text-ink-3">{t(`certificates.acme.challengeHelp.${draft.challenge}`)}</p>
        </div>
        <ToggleField
          label={t("certificates.acme.agree")}
          htmlFor={`${id}-agree`}
          help={
            terms.data?.url ? (
              <a
                href={terms.data.url}
                target="_blank"
                rel="noreferrer"
                className="text-accent underline underline-offset-2"
              >
                {visible(terms.data.url)}
              </a>
            ) : (
              t(terms.isError ? "certificates.acme.noDirectory" : "certificates.acme.termsHelp")
            )
          }
        >
          <Checkbox
            id={`${id}-agree`}
            checked={draft.agreed}
            onChange={(event) => setDraft({ ...draft, agreed: event.target.checked })}
          />
        </ToggleField>
        {save.isError ? <ProblemBanner error={save.error} /> : null}
        <Equivalent method="PUT" path="/certificate-authority" body={{ acme: value }} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button
          variant="primary"
          disabled={!parsed.success || save.isPending}
          onClick={() =>
            save.mutate(
              { acme: value },
              {
                onSuccess: () => {
                  toast.success(t("certificates.acme.saved"));
                  onClose();
                  onSaved?.();
                },
              },
            )
          }
        >
          {t("common.save")}
        </Button>
      </DialogFooter>
    </>
  );
}
