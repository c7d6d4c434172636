"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { api } from "@/lib/api/client.ts";
import { useMe } from "@/lib/api/me.ts";
import type { Problem } from "@/lib/api/problem.ts";
import { visible } from "@/lib/format/visible.ts";
import { SentenceGap, useJoints } from "./joints.tsx";

/** Why this account may not see something: which permission it takes, which roles have it, and who gives them. */
export function NoPermissionText({ problem }: { problem: Problem }) {
  const t = useTranslations("errors.noPermission");
  const { comma } = useJoints();
  const me = useMe();
  const roles = useQuery(api.auth.roles.queryOptions({ staleTime: 300_000 }));
  const { permission } = problem;
  const having = (roles.data?.items ?? []).filter((role) => role.permissions.some((one) => one === permission));
  const owners = roles.data?.owners ?? [];
  const isHeld = permission !== undefined && me.data?.permissions.some((one) => one === permission) === true;
  return (
    <>
      {isHeld
        ? t("allHosts", { hosts: me.data?.hosts?.join(comma) ?? "" })
        : t("text", { permission: permission ?? "—" })}
      <SentenceGap />
      {having.length > 0 ? t("roles", { roles: having.map(({ role }) => role).join(comma) }) : null}
      <SentenceGap />
      {owners.length > 0
        ? t.rich("owners", { who: () => <bdi>{owners.map((jid) => visible(jid)).join(comma)}</bdi> })
        : t("rule", { rule: problem.rule ?? "configure" })}
    </>
  );
}
