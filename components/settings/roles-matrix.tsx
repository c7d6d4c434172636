"use client";

import { Pencil, ShieldCheck } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";
import { useJoints } from "@/components/kit/joints.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { IconButton } from "@/components/ui/icon-button.tsx";
import { Tooltip } from "@/components/ui/tooltip.tsx";
import type { Permission } from "@/lib/contracts/endpoint.ts";
import { visible } from "@/lib/format/visible.ts";
import { usePermissionWords } from "./permission-words.ts";
import { permissionAreas, type ShownRole } from "./roles-draft.ts";

const texts = ["owner", "admin", "operator", "auditor", "host-admin"] as const;

interface Props {
  roles: readonly ShownRole[];
  permissions: readonly Permission[];
  onEdit?: (name: string) => void;
}

/** A row for everything there is to manage, a column for each role, in words: what it may do there. */
export function RolesMatrix({ roles, permissions, onEdit }: Props) {
  const t = useTranslations("roles");
  const { comma } = useJoints();
  const words = usePermissionWords();
  const format = useFormatter();
  // Shipped roles are told of in the reader's language, until somebody describes them.
  const textOf = ({ name, description }: ShownRole): string => {
    if (description !== "") return visible(description);
    const known = texts.find((one) => one === name);
    return known === undefined ? "" : t(`texts.${known}`);
  };
  return (
    <div className="overflow-x-auto">
      <table aria-label={t("title")} className="w-full border-collapse text-left">
        <thead>
          <tr className="border-b border-line align-top">
            <th scope="col" className="sticky left-0 bg-surface py-3.5 pr-3 pl-4 text-meta font-medium text-ink-3">
              {t("permission")}
            </th>
            {roles.map((role) => (
              <th key={role.name} scope="col" className="min-w-36 px-3 py-2 font-normal">
                <span className="flex min-h-7 items-center gap-1.5">
                  <span className="font-medium">{visible(role.name)}</span>
                  {role.needsSecondFactor ? (
                    <Tooltip text={t("needsSecondFactor")}>
                      <span tabIndex={0} role="img" aria-label={t("needsSecondFactor")}>
                        <ShieldCheck aria-hidden className="size-3.5 text-ok" />
                      </span>
                    </Tooltip>
                  ) : null}
                  {onEdit && !role.isFixed ? (
                    <IconButton label={t("edit", { name: role.name })} size="sm" onClick={() => onEdit(role.name)}>
                      <Pencil aria-hidden className="size-3.5" />
                    </IconButton>
                  ) : null}
                </span>
                <span className="block max-w-52 text-meta text-ink-3">{textOf(role)}</span>
                {role.hosts ? (
                  <Badge>{role.hosts.length === 0 ? t("noHost") : visible(role.hosts.join(comma))}</Badge>
                ) : null}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {permissionAreas(permissions).map(({ area, verbs }) => (
            <tr key={area} className="border-b border-line last:border-b-0 hover:bg-canvas">
              <th
                scope="row"
                className="sticky left-0 h-8 bg-surface pr-3 pl-4 text-base font-normal whitespace-nowrap"
              >
                {words.area(area)}
              </th>
              {roles.map((role) => {
                const own = verbs.filter((verb) => role.permissions.some((one) => one === `${area}:${verb}`));
                return (
                  <td key={role.name} className="h-8 px-3">
                    {own.length === 0 ? (
                      <span className="text-ink-3">{t("none")}</span>
                    ) : (
                      format.list(
                        own.map((verb) => words.verb(verb)),
                        { type: "conjunction" },
                      )
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
