import { Panel } from "@/components/ui/panel.tsx";
import { TableSkeleton } from "./table-skeleton.tsx";

/** Where a part of a page will be whose code is still on its way, such as another tab. */
export function PartSkeleton() {
  return (
    <Panel flush>
      <TableSkeleton rows={6} columns={4} />
    </Panel>
  );
}
