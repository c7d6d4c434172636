"use client";

import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { QueryView } from "@/components/kit/query-view.tsx";
import { TableSkeleton } from "@/components/kit/table-skeleton.tsx";
import { api } from "@/lib/api/client.ts";
import type { StepProps } from "./step-props.ts";

/** The schema that it checks with weighs more than all steps before it. */
const TargetForm = dynamic(() => import("./target-form.tsx").then((part) => part.TargetForm), {
  ssr: false,
  loading: () => <TableSkeleton rows={6} columns={1} />,
});

/** The web server that is told of messages for people who are away; the one that was added here before, or a new one. */
export function TargetStep({ nav }: StepProps) {
  const targets = useQuery(api.forward.targets.queryOptions({ refetchOnWindowFocus: false }));
  return (
    <QueryView query={targets} skeleton={<TableSkeleton rows={6} columns={1} />}>
      {({ items }) => <TargetForm nav={nav} target={items.find(({ target }) => target.kind === "webhook") ?? null} />}
    </QueryView>
  );
}
