"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { Field, ToggleField } from "@/components/kit/field.tsx";
import { Checkbox } from "@/components/ui/checkbox.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import { useMay } from "@/lib/api/me.ts";
import { hostAdminRole } from "@/lib/contracts/fixed-roles.ts";
import { visible } from "@/lib/format/visible.ts";
import { type GiftChoice, givenRoles } from "./gift-choice.ts";

interface Props {
  id: string;
  host: string;
  choice: GiftChoice;
  onChange: (choice: GiftChoice) => void;
  /** Groups of the host. */
  groups: readonly string[];
}

/** What an account gets that is made with the invite. Each field is there for those who may give it. */
export function GiftFields({ id, host, choice, onChange, groups }: Props) {
  const t = useTranslations("invites");
  const common = useTranslations("common");
  const may = useMay();
  const { role, isOnHostOnly, tags } = choice;
  const mayGiveRoles = may("roles.grant");
  const roles = useQuery(api.auth.roles.queryOptions({ enabled: mayGiveRoles }));
  const toggle = (name: string) => onChange({ ...choice, groups: choice.groups.symmetricDifference(new Set([name])) });
  return (
    <>
      {mayGiveRoles ? (
        <Field label={t("role")} htmlFor={`${id}-role`} help={t(role === "" ? "roleHint" : "roleWarning")}>
          <Select
            id={`${id}-role`}
            value={role}
            aria-describedby={`${id}-role-help`}
            onChange={(event) => onChange({ ...choice, role: event.target.value })}
            className="w-full"
          >
            <option value="">{t("noRole")}</option>
            {givenRoles(roles.data?.items ?? []).map((name) => (
              <option key={name} value={name}>
                {visible(name)}
              </option>
            ))}
          </Select>
        </Field>
      ) : null}
      {role !== "" && role !== hostAdminRole ? (
        <ToggleField label={t("roleOnHost", { host: visible(host) })} htmlFor={`${id}-role-host`}>
          <Checkbox
            id={`${id}-role-host`}
            checked={isOnHostOnly}
            onChange={(event) => onChange({ ...choice, isOnHostOnly: event.target.checked })}
          />
        </ToggleField>
      ) : null}
      {groups.length > 0 && may("groups.changeMembers", host) ? (
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1 font-medium">{t("groups")}</legend>
          <div className="flex max-h-40 flex-col gap-1.5 overflow-auto">
            {groups.map((name) => (
              <ToggleField key={name} label={visible(name)} htmlFor={`${id}-group-${name}`}>
                <Checkbox id={`${id}-group-${name}`} checked={choice.groups.has(name)} onChange={() => toggle(name)} />
              </ToggleField>
            ))}
          </div>
          <p className="text-meta text-ink-3">{t("groupsHint")}</p>
        </fieldset>
      ) : null}
      {may("users.setTags", host) ? (
        <Field label={t("tags")} htmlFor={`${id}-tags`} note={common("optional")} help={t("tagsHint")}>
          <Input
            id={`${id}-tags`}
            value={tags}
            autoCapitalize="none"
            spellCheck={false}
            aria-describedby={`${id}-tags-help`}
            onChange={(event) => onChange({ ...choice, tags: event.target.value })}
          />
        </Field>
      ) : null}
    </>
  );
}
