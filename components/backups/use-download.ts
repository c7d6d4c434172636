"use client";

import { useMutation } from "@tanstack/react-query";
import { api } from "@/lib/api/client.ts";

/** Fetches a backup by the link that the server gives for it, which is good once. */
export function useDownload(): (id: string) => void {
  const download = useMutation(
    api.backups.download.mutationOptions({
      onSuccess: ({ path, name }) => {
        const link = document.createElement("a");
        link.href = path;
        link.download = name;
        link.click();
      },
    }),
  );
  return (id) => download.mutate({ id });
}
