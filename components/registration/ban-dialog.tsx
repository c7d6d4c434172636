"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { ReviewDialog } from "@/components/kit/review-dialog.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Select } from "@/components/ui/select.tsx";
import { api } from "@/lib/api/client.ts";
import type { Policy } from "@/lib/contracts/policy.ts";
import type { RegistrationDecision } from "@/lib/contracts/registration.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { familyOf, networkAround, prefixes, usualPrefix } from "./network-around.ts";

/** Denies the network that somebody came from, before all other lines: reviewed and applied as a revision of the policy. */
export function BanDialog({ decision, onClose }: { decision: RegistrationDecision; onClose: () => void }) {
  const t = useTranslations("registration");
  const access = useTranslations("access");
  const common = useTranslations("common");
  const id = useId();
  const { address, host } = decision;
  const family = familyOf(address);
  const [prefix, setPrefix] = useState<number>(usualPrefix[family]);
  const cidr = networkAround(address, prefix);
  const live = useQuery(api.policy.get.queryOptions());
  const draft = live.data ? banned(live.data.policy, host, cidr) : null;
  const check = useQuery(
    api.policy.check.queryOptions({ input: { policy: draft?.policy ?? null }, enabled: draft !== null }),
  );
  const apply = useMutation(api.policy.apply.mutationOptions({ meta: { inline: true } }));
  const rollback = useMutation(api.policy.rollback.mutationOptions());
  const scope = draft?.isOwn ? ["--host", host] : [];

  return (
    <ReviewDialog
      open
      onOpenChange={(open) => !open && onClose()}
      issues={check.data?.issues ?? []}
      changes={check.data?.changes ?? []}
      overtakenBy={null}
      onApply={async (comment) => {
        if (!draft || !live.data) return;
        const before = live.data.revision.id;
        const { revision } = await apply.mutateAsync({ policy: draft.policy, baseRevision: before, comment });
        toast.success(access("applied", { id: revision.id }), {
          duration: 10_000,
          action: { label: common("undo"), onClick: () => rollback.mutate({ id: before }) },
        });
      }}
      equivalent={() => (
        <Equivalent
          command={commandLine("nightpost", "registration", "ban", cidr, ...scope)}
          method="PUT"
          path="/policy"
          body={{ policy: "…", baseRevision: live.data?.revision.id }}
        />
      )}
    >
      <Field label={t("banNetwork")} htmlFor={id} help={t(draft?.isOwn ? "banOnHost" : "banEverywhere", { host })}>
        <Select
          id={id}
          value={String(prefix)}
          aria-describedby={`${id}-help`}
          onChange={(event) => setPrefix(Number(event.target.value))}
          className="w-72 font-mono"
        >
          {prefixes[family].map((each) => (
            <option key={each} value={each}>
              {networkAround(address, each)}
            </option>
          ))}
        </Select>
      </Field>
    </ReviewDialog>
  );
}

/** The policy with the line in front, where the host has its own registration policy in that, else in the one for all. */
function banned(policy: Policy, host: string, cidr: string): { policy: Policy; isOwn: boolean } {
  const next = structuredClone(policy);
  const own = Object.hasOwn(next.hosts, host) ? (next.hosts[host]?.registration ?? null) : null;
  (own ?? next.registration).networks.unshift({ action: "deny", cidr });
  return { policy: next, isOwn: own !== null };
}
