"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { DialogForm } from "@/components/kit/dialog-form.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Banner } from "@/components/ui/banner.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { Input, Textarea } from "@/components/ui/input.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import { DeviceRegistration } from "@/lib/contracts/devices.ts";

interface Props {
  open: boolean;
  onClose: () => void;
  user: string;
}

const kinds = ["apns", "fcm", "webpush"] as const;
type Kind = (typeof kinds)[number];
/** What has to be filled in for each kind, in the contract's words. */
const fields = {
  apns: ["token", "voipToken"],
  fcm: ["token"],
  webpush: ["endpoint", "p256dh", "auth"],
} as const satisfies Record<Kind, readonly string[]>;
const optional: ReadonlySet<string> = new Set(["voipToken"]);

/** What an app's backend does over HTTP, by hand: the token of a device is told to the server. */
export function RegisterDialog(props: Props) {
  const t = useTranslations("devices");
  return (
    <Dialog
      open={props.open}
      onOpenChange={(next) => !next && props.onClose()}
      title={t("registerTitle")}
      description={t("registerText")}
      size="md"
      place="side"
    >
      {props.open ? <Content {...props} /> : null}
    </Dialog>
  );
}

function Content({ user: initial, onClose }: Props) {
  const t = useTranslations();
  const id = useId();
  const [kind, setKind] = useState<Kind>("apns");
  const [user, setUser] = useState(initial);
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState("");
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [isChecked, setChecked] = useState(false);
  const targets = useQuery(api.forward.targets.queryOptions());
  const register = useMutation(api.devices.register.mutationOptions({ meta: { inline: true } }));
  const fitting = (targets.data?.items ?? []).filter((each) => each.target.kind === kind).map((each) => each.name);
  const target = fitting.includes(chosen) ? chosen : (fitting[0] ?? "");
  const given = Object.fromEntries(
    fields[kind].flatMap((field) => (values[field]?.trim() ? [[field, values[field].trim()]] : [])),
  );
  const device = DeviceRegistration.safeParse({ kind, ...given });
  const wrong = new Set(device.error?.issues.map(({ path }) => String(path[0])));
  // Who may not see the targets leaves the choice to the server.
  const rest = { user: user.trim(), ...(target ? { target } : {}), ...(name ? { name } : {}) };
  const body = { ...rest, device: { kind, ...mask(given) } };

  const submit = async () => {
    setChecked(true);
    if (!device.success || user.trim() === "") return;
    await register.mutateAsync({ ...rest, device: device.data });
    toast.success(t("devices.registered"));
    onClose();
  };

  return (
    <DialogForm
      error={register.error}
      isReady={!targets.isSuccess || fitting.length > 0}
      isPending={register.isPending}
      onSubmit={submit}
      onClose={onClose}
      confirm={t("devices.registerConfirm")}
    >
      <Segmented
        label={t("devices.columns.kind")}
        value={kind}
        onChange={setKind}
        options={kinds.map((value) => ({ value, label: t(`targets.kinds.${value}`) }))}
        className="self-start"
      />
      {targets.isSuccess && fitting.length === 0 ? (
        <Banner tone="warn">{t("devices.noTarget", { kind: t(`targets.kinds.${kind}`) })}</Banner>
      ) : null}
      <Field
        label={t("devices.columns.user")}
        htmlFor={`${id}-user`}
        error={isChecked && user.trim() === "" ? t("errors.field.required") : undefined}
      >
        <Input
          id={`${id}-user`}
          value={user}
          placeholder="juliet@example.org"
          spellCheck={false}
          autoCapitalize="none"
          onChange={(event) => setUser(event.target.value)}
        />
      </Field>
      {fitting.length > 1 ? (
        <Field label={t("forward.target")} htmlFor={`${id}-target`}>
          <Select
            id={`${id}-target`}
            value={target}
            onChange={(event) => setChosen(event.target.value)}
            className="w-full"
          >
            {fitting.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </Select>
        </Field>
      ) : null}
      {fields[kind].map((field) => (
        <Field
          key={`${kind} ${field}`}
          label={t(`devices.fields.${field}`)}
          htmlFor={`${id}-${field}`}
          note={optional.has(field) ? t("common.optional") : undefined}
          error={
            isChecked && wrong.has(field)
              ? t(values[field]?.trim() ? "errors.field.format" : "errors.field.required")
              : undefined
          }
        >
          <Textarea
            id={`${id}-${field}`}
            rows={field === "token" || field === "endpoint" ? 3 : 1}
            value={values[field] ?? ""}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="none"
            onChange={(event) => setValues({ ...values, [field]: event.target.value })}
            className="font-mono text-meta"
          />
        </Field>
      ))}
      <Field label={t("devices.name")} htmlFor={`${id}-name`} note={t("common.optional")}>
        <Input id={`${id}-name`} value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Equivalent method="POST" path="/devices" body={body} />
    </DialogForm>
  );
}

const mask = (given: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.keys(given).map((field) => [field, "…"]));
