"use client";

import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { affectedByResource } from "@/lib/api/affected.ts";
import { LiveContext } from "@/lib/api/live-context.ts";
import { LiveStream } from "@/lib/api/live.ts";

/** Opens the tab's WebSocket and reads again what the server says has changed. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [live] = useState(() => new LiveStream());
  const queries = useQueryClient();

  useEffect(() => {
    const changed = live.subscribe("changed", {
      onEvents: (events) => {
        for (const resource of new Set(events.map((event) => event.data.resource))) {
          for (const queryKey of affectedByResource(resource)) void queries.invalidateQueries({ queryKey });
        }
      },
      // Whatever changed before this stood, or while the connection was down, was not told.
      onReady: () => void queries.invalidateQueries(),
    });
    live.start();
    return () => {
      changed.end();
      live.stop();
    };
  }, [live, queries]);

  return <LiveContext value={live}>{children}</LiveContext>;
}
