"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { api, client } from "@/lib/api/client.ts";
import { useLive } from "@/lib/api/live-context.ts";
import { LiveTail } from "@/lib/api/live-tail.ts";
import type { LiveStream } from "@/lib/api/live.ts";
import type { StanzaRecord, StanzaWatch } from "@/lib/contracts/stanzas.ts";
import { Replies } from "./replies.ts";

export type StanzaTail = LiveTail<StanzaRecord, "stanzas">;

interface Watching {
  watch: StanzaWatch;
  log: StanzaTail;
  /** Which iq is the answer to which. */
  replies: Replies;
}

/** The watch of this tab: none until it is started, and gone with the page. */
export function useWatch() {
  const live = useLive();
  const [current, setCurrent] = useState<Watching | null>(null);
  const start = useMutation(
    api.stanzas.watch.mutationOptions({
      meta: { inline: true },
      onSuccess: (watch) => {
        const replies = new Replies();
        setCurrent({ watch, replies, log: tailOf(live, watch, replies) });
      },
    }),
  );
  const reveal = useMutation(
    api.stanzas.reveal.mutationOptions({
      onSuccess: (watch) => setCurrent((before) => (before?.watch.id === watch.id ? { ...before, watch } : before)),
    }),
  );
  const watches = useQuery(api.stanzas.watches.queryOptions({ refetchInterval: 5_000 }));
  const id = current?.watch.id;
  const log = current?.log;
  useEffect(() => log?.start(), [log]);
  useEffect(() => {
    if (id === undefined) return undefined;
    // Leaving the page ends it; closing the tab ends the tap with the connection.
    return () => void client.stanzas.stop({ id }).catch(() => undefined);
  }, [id]);
  return {
    current,
    start,
    reveal: () => (id === undefined ? Promise.reject(new Error("no watch")) : reveal.mutateAsync({ id })),
    stop: () => setCurrent(null),
    others: (watches.data?.items ?? []).filter((watch) => watch.open && watch.id !== id),
  };
}

const idle = () => () => undefined;

/** What a watch shows in this frame. */
export function useTailView(log: StanzaTail | null) {
  return useSyncExternalStore(log?.onView ?? idle, log?.getView ?? nothing, log?.getView ?? nothing);
}

const nothing = () => null;

function tailOf(live: LiveStream, watch: StanzaWatch, replies: Replies): StanzaTail {
  return new LiveTail(
    live,
    {
      topic: "stanzas",
      keyOf: (row) => row.seq,
      rowOf: (event) => {
        replies.take(event.data);
        return event.data;
      },
      isFailure: (row) => row.type === "error",
      missedBefore: (row) => row.missed,
    },
    { watch: watch.id },
  );
}
