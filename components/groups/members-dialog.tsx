"use client";

import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslations } from "use-intl";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { Field } from "@/components/kit/field.tsx";
import { JidText } from "@/components/kit/jid-text.tsx";
import { May } from "@/components/kit/may.tsx";
import { ProblemBanner } from "@/components/kit/problem-banner.tsx";
import { ErrorState } from "@/components/kit/states.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { toast } from "@/components/kit/toast.ts";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog.tsx";
import { Textarea } from "@/components/ui/input.tsx";
import { Link } from "@/components/ui/link.tsx";
import { api } from "@/lib/api/client.ts";
import type { Group } from "@/lib/contracts/groups.ts";
import { commandLine } from "@/lib/format/shell.ts";
import { visible } from "@/lib/format/visible.ts";

const limit = 100;

/** Who is listed in a group. */
export function MembersDialog({ group, onClose }: { group: Group | null; onClose: () => void }) {
  const t = useTranslations();
  return (
    <Dialog
      open={group !== null}
      onOpenChange={(next) => !next && onClose()}
      title={t("groups.membersTitle", { name: visible(group?.label ?? "") })}
      description={t("groups.membersText")}
      size="md"
      place="side"
    >
      {group === null ? null : <Members group={group} />}
      <DialogFooter>
        <Button variant="primary" onClick={onClose}>
          {t("common.close")}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

function Members({ group: { host, name } }: { group: Group }) {
  const t = useTranslations();
  const members = useInfiniteQuery(
    api.groups.members.infiniteOptions({
      input: (cursor: string | undefined) => ({ host, name, limit, ...(cursor === undefined ? {} : { cursor }) }),
      initialPageParam: undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    }),
  );
  const change = useMutation(api.groups.changeMembers.mutationOptions());
  const items = members.data?.pages.flatMap((page) => page.items);
  const take = async (jid: string) => {
    await change.mutateAsync({ host, name, remove: [jid] });
    toast.success(t("groups.taken", { name: visible(jid) }), {
      action: { label: t("common.undo"), onClick: () => change.mutate({ host, name, add: [jid] }) },
    });
  };
  return (
    <DialogBody>
      <May call="groups.changeMembers" host={host}>
        <AddMembers host={host} name={name} />
      </May>
      {items === undefined ? (
        members.isError ? (
          <ErrorState error={members.error} onRetry={() => void members.refetch()} />
        ) : (
          <TableSkeleton rows={4} columns={2} />
        )
      ) : (
        <ul className="divide-y divide-line">
          {items.length === 0 ? <li className="py-3 text-ink-2">{t("groups.noMembers")}</li> : null}
          {items.map(({ jid, online }) => (
            <li key={jid} className="flex min-h-10 items-center gap-3 py-1">
              <Link
                href={`/users/account?jid=${encodeURIComponent(jid)}`}
                className="min-w-0 flex-1 underline-offset-2 hover:underline"
              >
                <JidText jid={jid} />
              </Link>
              <span className="text-meta text-ink-3 tabular-nums">{t("groups.resources", { count: online })}</span>
              <May call="groups.changeMembers" host={host}>
                <Button
                  size="sm"
                  variant="danger-quiet"
                  disabled={change.isPending}
                  onClick={() => void take(jid).catch(() => undefined)}
                >
                  {t("groups.take")}
                </Button>
              </May>
            </li>
          ))}
        </ul>
      )}
      {members.hasNextPage ? (
        <Button className="self-start" disabled={members.isFetching} onClick={() => void members.fetchNextPage()}>
          {t("common.next")}
        </Button>
      ) : null}
    </DialogBody>
  );
}

function AddMembers({ host, name }: { host: string; name: string }) {
  const t = useTranslations();
  const id = useId();
  const [text, setText] = useState("");
  const change = useMutation(api.groups.changeMembers.mutationOptions({ meta: { inline: true } }));
  const add = [...new Set(text.split(/[\s,;]+/).filter((each) => each !== ""))];
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (add.length === 0) return;
    const { added } = await change.mutateAsync({ host, name, add });
    toast.success(t("groups.added", { count: added }));
    setText("");
  };
  return (
    <form onSubmit={(event) => void submit(event).catch(() => undefined)} noValidate className="flex flex-col gap-3">
      {change.error ? <ProblemBanner error={change.error} /> : null}
      <Field label={t("groups.add")} htmlFor={id} help={t("groups.addHint")}>
        <Textarea
          id={id}
          rows={2}
          value={text}
          autoCapitalize="none"
          spellCheck={false}
          aria-describedby={`${id}-help`}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      <Button type="submit" className="self-start" disabled={change.isPending || add.length === 0}>
        {t("groups.addConfirm")}
      </Button>
      <Equivalent
        command={commandLine("nightpost", "group", "add", host, name, ...(add.length === 0 ? ["USER"] : add))}
        method="POST"
        path={`/groups/${encodeURIComponent(host)}/${name}/members`}
        body={{ add }}
      />
    </form>
  );
}
