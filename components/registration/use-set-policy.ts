"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { toast } from "@/components/kit/toast.ts";
import { api } from "@/lib/api/client.ts";
import type { RegistrationPolicy } from "@/lib/contracts/registration-policy.ts";

/** Applies a policy (null: inherit) and offers to take it back. */
export function useSetPolicy(host: string | null) {
  const t = useTranslations();
  const set = useMutation(api.registration.set.mutationOptions({ meta: { inline: true } }));
  const scope = host ? { host } : {};
  const save = async (policy: RegistrationPolicy | null, before: RegistrationPolicy | null) => {
    const { revision } = await set.mutateAsync({ ...scope, policy });
    toast.success(t("registration.saved", { revision: revision.id }), {
      duration: 10_000,
      action: {
        label: t("common.undo"),
        onClick: () => void set.mutateAsync({ ...scope, policy: before }).then(() => toast.success(t("common.undone"))),
      },
    });
  };
  return { save, error: set.error };
}
