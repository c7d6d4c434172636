"use client";

import { useQuery } from "@tanstack/react-query";
import { api } from "@/lib/api/client.ts";
import { visible } from "@/lib/format/visible.ts";

/** The picture that an account's clients have published, or the first letter of its name. Its address stands beside it. */
export function UserAvatar({ jid }: { jid: string }) {
  const card = useQuery(api.users.card.queryOptions({ input: { jid }, staleTime: 300_000, retry: false }));
  const avatar = card.data?.avatar ?? null;
  return (
    <span
      aria-hidden
      className="inline-flex size-9 shrink-0 items-center justify-center overflow-hidden rounded-full border border-line bg-sunken text-ink-2"
    >
      {avatar === null ? (
        visible(Array.from(jid)[0] ?? "").toUpperCase()
      ) : (
        // oxlint-disable-next-line next/no-img-element -- it came with the answer; there is nothing to fetch or to shrink
        <img alt="" src={`data:${avatar.type};base64,${avatar.base64}`} className="size-full object-cover" />
      )}
    </span>
  );
}

/** The name that an account's clients have published; nothing where there is none. */
export function UserName({ jid }: { jid: string }) {
  const card = useQuery(api.users.card.queryOptions({ input: { jid }, staleTime: 300_000, retry: false }));
  return card.data?.name ? <bdi className="text-ink-2 wrap-anywhere">{visible(card.data.name)}</bdi> : null;
}
