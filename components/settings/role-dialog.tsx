"use client";

import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { ChoiceMenu } from "@/components/kit/choice-menu.tsx";
import { Field } from "@/components/kit/field.tsx";
import { useJoints } from "@/components/kit/joints.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Link } from "@/components/ui/link.tsx";
import type { Role } from "@/lib/contracts/console-policy.ts";
import type { Permission } from "@/lib/contracts/endpoint.ts";
import { usePermissionWords } from "./permission-words.ts";
import { permissionAreas } from "./roles-draft.ts";

interface Props {
  name: string;
  role: Role;
  permissions: readonly Permission[];
  rules: string[];
  hosts: string[];
  onClose: () => void;
  /** The role as it is to be in the draft; null takes it out. */
  onChange: (role: Role | null) => void;
}

/** Edits one role of the draft. Nothing counts before the draft is applied. */
export function RoleDialog({ name, role, permissions, rules, hosts, onClose, onChange }: Props) {
  const t = useTranslations();
  const { colon } = useJoints();
  const id = useId();
  const words = usePermissionWords();
  const [own, setOwn] = useState(role);
  const has = (permission: Permission) => own.permissions.includes(permission);
  const toggle = (permission: Permission) =>
    setOwn({ ...own, permissions: permissions.filter((one) => (one === permission ? !has(one) : has(one))) });
  const names = rules.includes(own.access) ? rules : [own.access, ...rules];

  return (
    <Dialog open onOpenChange={onClose} title={t("roles.edit", { name })} size="md" place="side">
      <DialogBody>
        <Field label={t("roles.description")} htmlFor={`${id}-text`}>
          <Input
            id={`${id}-text`}
            value={own.description}
            maxLength={200}
            onChange={(event) => setOwn({ ...own, description: event.target.value })}
          />
        </Field>
        <Field label={t("roles.access")} htmlFor={`${id}-rule`} help={t("roles.accessHint")}>
          <Input
            id={`${id}-rule`}
            list={`${id}-rules`}
            value={own.access}
            spellCheck={false}
            aria-describedby={`${id}-rule-help`}
            onChange={(event) => setOwn({ ...own, access: event.target.value })}
          />
          <datalist id={`${id}-rules`}>
            {names.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </datalist>
        </Field>
        <div className="flex flex-col items-start gap-1">
          <span className="font-medium">{t("roles.hosts")}</span>
          <ChoiceMenu
            label={t("roles.hosts")}
            options={hosts}
            chosen={own.hosts ?? []}
            none={t("common.allHosts")}
            onChange={(chosen) => setOwn({ ...own, hosts: chosen.length === 0 ? null : chosen })}
          />
        </div>
        <fieldset>
          <legend className="mb-1 font-medium">{t("roles.permissions")}</legend>
          <ul className="flex flex-col divide-y divide-line border-y border-line">
            {permissionAreas(permissions).map(({ area, verbs }) => (
              <li key={area} className="flex min-h-9 flex-wrap items-center gap-x-4 gap-y-1 py-1">
                <span className="w-44 max-sm:w-full">{words.area(area)}</span>
                {verbs.map((verb) => {
                  const permission = `${area}:${verb}` as Permission;
                  return (
                    <label key={verb} className="inline-flex min-h-6 items-center gap-1.5">
                      <Checkbox
                        checked={has(permission)}
                        aria-label={`${words.area(area)}${colon}${words.verb(verb)}`}
                        onChange={() => toggle(permission)}
                      />
                      {words.verb(verb)}
                    </label>
                  );
                })}
              </li>
            ))}
          </ul>
        </fieldset>
        {own.permissions.includes("policy:write") && !own.permissions.includes("roles:write") ? (
          <p className="text-meta text-ink-3">{t("roles.policyNote")}</p>
        ) : null}
        <Link
          href={`/access?tab=why&rule=${encodeURIComponent(own.access)}`}
          className="self-start text-accent underline-offset-2 hover:underline"
        >
          {t("roles.why")}
        </Link>
      </DialogBody>
      <DialogFooter>
        <Button
          variant="danger-quiet"
          className="mr-auto"
          onClick={() => {
            onChange(null);
            onClose();
          }}
        >
          {t("roles.remove")}
        </Button>
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button
          variant="primary"
          disabled={own.access.trim() === ""}
          onClick={() => {
            onChange(own);
            onClose();
          }}
        >
          {t("roles.toDraft")}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
