"use client";

import { useTranslations } from "use-intl";
import { useJoints } from "@/components/kit/joints.tsx";
import type { Invite } from "@/lib/contracts/invites.ts";
import { visible } from "@/lib/format/visible.ts";

/** What an account gets that is made with an invite, each with what kind of thing it is; "": nothing. */
export function useGiftText(): (invite: Pick<Invite, "role" | "groups" | "tags">) => string {
  const t = useTranslations("invites");
  const { comma } = useJoints();
  return ({ role, groups, tags }) => {
    const shown = (names: readonly string[]) => names.map((name) => visible(name)).join(comma);
    return [
      ...(role === null
        ? []
        : [
            role.host === null
              ? t("givesRole", { role: visible(role.name) })
              : t("givesRoleOn", { role: visible(role.name), host: visible(role.host) }),
          ]),
      ...(groups.length === 0 ? [] : [t("givesGroups", { count: groups.length, names: shown(groups) })]),
      ...(tags.length === 0 ? [] : [t("givesTags", { count: tags.length, names: shown(tags) })]),
    ].join(" · ");
  };
}
