"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "use-intl";
import { useProblemText } from "@/components/kit/problem-text.ts";
import { toast } from "@/components/kit/toast.ts";
import { api } from "@/lib/api/client.ts";
import type { User } from "@/lib/contracts/users.ts";

type Subject = Pick<User, "jid">;

/** Bulk verbs: one call for each account, four at a time. Each answers how many were done, and says why others were not. */
export function useUserActions() {
  const t = useTranslations("users");
  const problemText = useProblemText();
  const inline = { meta: { inline: true } };
  const suspend = useMutation(api.users.suspend.mutationOptions(inline));
  const resume = useMutation(api.users.resume.mutationOptions(inline));
  const remove = useMutation(api.users.remove.mutationOptions(inline));

  const forEach = async (users: Subject[], call: (jid: string) => Promise<unknown>): Promise<number> => {
    const waiting = users.map((user) => user.jid);
    const failures: unknown[] = [];
    const work = async () => {
      for (let jid = waiting.pop(); jid !== undefined; jid = waiting.pop()) {
        await call(jid).catch((error: unknown) => failures.push(error));
      }
    };
    await Promise.all(Array.from({ length: 4 }, work));
    const done = users.length - failures.length;
    if (failures.length > 0)
      toast.error(t("bulkFailed", { done, failed: failures.length, reason: problemText(failures[0]) }));
    return done;
  };

  return {
    suspend: (users: Subject[], reason: string, until: string | null) =>
      forEach(users, (jid) => suspend.mutateAsync({ jid, reason, until })),
    resume: (users: Subject[]) => forEach(users, (jid) => resume.mutateAsync({ jid })),
    remove: (users: Subject[]) => forEach(users, (jid) => remove.mutateAsync({ jid })),
  };
}
