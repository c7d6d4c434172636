"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { ChangesList } from "@/components/kit/changes-list.tsx";
import { ConfirmDialog } from "@/components/kit/confirm-dialog.tsx";
import { DraftBar } from "@/components/kit/draft-bar.tsx";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field, ToggleField } from "@/components/kit/field.tsx";
import { toast } from "@/components/kit/toast.ts";
import { useKept } from "@/components/kit/use-kept.ts";
import { useLeaveGuard } from "@/components/kit/use-leave-guard.ts";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import type { RoomDetail, RoomSettings } from "@/lib/contracts/rooms.ts";
import { absentChoices, privateMessageChoices, roomRoles, whoisChoices } from "@/lib/contracts/words.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { roomPath } from "./room-href.ts";
import { changeOf, diffOf, draftOf, type SettingsDraft } from "./settings-form.ts";

type Key<Value> = { [K in keyof RoomSettings]: RoomSettings[K] extends Value ? K : never }[keyof RoomSettings];

/** What the room's owners decide: a draft, its diff, then the change. */
export function SettingsTab({ room, onDirty }: { room: RoomDetail; onDirty: (isDirty: boolean) => void }) {
  const t = useTranslations();
  const id = useId();
  const isReadOnly = !useMay()("rooms.configure");
  const [kept, keep] = useKept<SettingsDraft>(`room ${room.jid}`);
  const [password, setPassword] = useState("");
  const draft = { ...(kept ?? draftOf(room)), password };
  const [isReviewing, setReviewing] = useState(false);
  const configure = useMutation(api.rooms.configure.mutationOptions({ meta: { inline: true } }));
  const change = changeOf(room, draft);
  const isDirty = Object.keys(change).length > 0;
  useLeaveGuard(isDirty);
  useEffect(() => onDirty(isDirty), [isDirty, onDirty]);
  const set = (change: Partial<SettingsDraft>) => {
    const next = { ...draft, ...change, password: "" };
    keep(Object.keys(changeOf(room, next)).length === 0 ? null : next);
  };
  const discard = () => {
    keep(null);
    setPassword("");
  };

  const field = (name: keyof RoomSettings | "password", children: ReactNode, help?: string) => (
    <Field label={t(`rooms.settings.${name}`)} htmlFor={`${id}-${name}`} help={help}>
      {children}
    </Field>
  );
  const text = (name: Key<string>, help?: string) =>
    field(
      name,
      <Input
        id={`${id}-${name}`}
        value={draft[name]}
        disabled={isReadOnly}
        onChange={(event) => set({ [name]: event.target.value })}
      />,
      help,
    );
  const number = (name: "maxOccupants" | "historyLength", min: number, max: number) =>
    field(
      name,
      <Input
        id={`${id}-${name}`}
        type="number"
        min={min}
        max={max}
        value={draft[name]}
        disabled={isReadOnly}
        onChange={(event) =>
          set({ [name]: Math.min(max, Math.max(min, Math.trunc(Number(event.target.value)) || min)) })
        }
      />,
    );
  const toggle = (name: Key<boolean>, help?: string) => (
    <ToggleField label={t(`rooms.settings.${name}`)} htmlFor={`${id}-${name}`} help={help}>
      <Checkbox
        id={`${id}-${name}`}
        checked={draft[name]}
        disabled={isReadOnly}
        onChange={(event) => set({ [name]: event.target.checked })}
      />
    </ToggleField>
  );
  const choice = <Value extends string>(
    name: "whois" | "privateMessages" | "absent",
    value: Value,
    options: readonly (readonly [Value, string])[],
    onChange: (value: Value) => void,
  ) =>
    field(
      name,
      <Select
        id={`${id}-${name}`}
        value={value}
        disabled={isReadOnly}
        onChange={(event) => onChange(options.find(([each]) => each === event.target.value)?.[0] ?? value)}
        className="w-full"
      >
        {options.map(([each, label]) => (
          <option key={each} value={each}>
            {label}
          </option>
        ))}
      </Select>,
    );
  const roles = (name: "presenceOf" | "memberListFor", help?: string) => (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 font-medium">{t(`rooms.settings.${name}`)}</legend>
      <span className="flex flex-wrap gap-x-4 gap-y-1.5">
        {roomRoles.map((role) => (
          <label key={role} className="flex items-center gap-2">
            <Checkbox
              checked={draft[name].includes(role)}
              disabled={isReadOnly}
              onChange={(event) =>
                set({
                  [name]: roomRoles.filter((each) =>
                    each === role ? event.target.checked : draft[name].includes(each),
                  ),
                })
              }
            />
            {t(`rooms.roles.${role}`)}
          </label>
        ))}
      </span>
      {help ? <p className="text-meta text-ink-3">{help}</p> : null}
    </fieldset>
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isDirty) setReviewing(true);
  };

  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <div className="flex flex-col gap-5">
          <Panel title={t("rooms.groups.about")}>
            <div className="flex flex-col gap-4">
              {text("name")}
              {text("description")}
              {text("language", t("rooms.hints.language"))}
            </div>
          </Panel>
          <Panel title={t("rooms.groups.talk")}>
            <div className="flex flex-col gap-4">
              {toggle("isModerated")}
              {toggle("mayParticipantsChangeSubject")}
              {toggle("mayParticipantsInvite")}
              {choice(
                "whois",
                draft.whois,
                whoisChoices.map((each) => [each, t(`rooms.whois.${each}`)]),
                (value) => set({ whois: value }),
              )}
              {choice(
                "privateMessages",
                draft.privateMessages,
                privateMessageChoices.map((each) => [each, t(`rooms.privateMessages.${each}`)]),
                (value) => set({ privateMessages: value }),
              )}
              {roles("presenceOf", t("rooms.hints.presenceOf"))}
              {roles("memberListFor")}
            </div>
          </Panel>
        </div>
        <div className="flex flex-col gap-5">
          <Panel title={t("rooms.groups.access")}>
            <div className="flex flex-col gap-4">
              {toggle("isPublic")}
              {toggle("isMembersOnly", t("rooms.hints.isMembersOnly"))}
              <ToggleField label={t("rooms.passwordOn")} htmlFor={`${id}-hasPassword`}>
                <Checkbox
                  id={`${id}-hasPassword`}
                  checked={draft.hasPassword}
                  disabled={isReadOnly}
                  onChange={(event) => set({ hasPassword: event.target.checked })}
                />
              </ToggleField>
              {draft.hasPassword
                ? field(
                    "password",
                    <Input
                      id={`${id}-password`}
                      value={draft.password}
                      disabled={isReadOnly}
                      autoComplete="off"
                      onChange={(event) => setPassword(event.target.value)}
                    />,
                    room.hasPassword ? t("rooms.hints.password") : undefined,
                  )
                : null}
              {number("maxOccupants", 1, 100_000)}
            </div>
          </Panel>
          <Panel title={t("rooms.groups.keep")}>
            <div className="flex flex-col gap-4">
              {toggle("isPersistent")}
              {toggle("isArchived")}
              {number("historyLength", 0, 500)}
              {choice(
                "absent",
                draft.absent ?? "default",
                (["default", ...absentChoices] as const).map((each) => [each, t(`rooms.absent.${each}`)]),
                (value) => set({ absent: value === "default" ? null : value }),
              )}
            </div>
          </Panel>
        </div>
      </div>
      {isDirty ? (
        <DraftBar
          call="rooms.configure"
          isChecking={false}
          changes={Object.keys(change).length}
          onDiscard={discard}
          onReview={() => setReviewing(true)}
        />
      ) : null}
      <ConfirmDialog
        open={isReviewing}
        onOpenChange={setReviewing}
        title={t("rooms.reviewTitle")}
        text={t("rooms.reviewText")}
        confirm={t("common.apply")}
        onConfirm={async () => {
          await configure.mutateAsync({ jid: room.jid, settings: change });
          discard();
          toast.success(t("rooms.saved"));
        }}
      >
        <ChangesList changes={diffOf(room, change)} />
        <Equivalent
          {...(change.password === undefined
            ? {
                command: commandLine(
                  ...["nightpost", "room", "set", room.jid],
                  ...Object.entries(change).flatMap(([name, value]) => ["--set", `${name}=${JSON.stringify(value)}`]),
                ),
              }
            : {})}
          method="PATCH"
          path={roomPath(room.jid)}
          body={{ settings: change.password ? { ...change, password: "…" } : change }}
        />
      </ConfirmDialog>
    </form>
  );
}
