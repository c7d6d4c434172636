import { visible } from "@/lib/format/visible.ts";

export function HeadersTable({ label, headers }: { label: string; headers: [string, string][] }) {
  if (headers.length === 0) return null;
  return (
    <dl
      aria-label={label}
      className="my-1.5 grid grid-cols-[minmax(96px,auto)_minmax(0,1fr)] gap-x-3 border-y border-line py-1 font-mono text-meta"
    >
      {headers.map(([name, value], index) => (
        <div key={index} className="col-span-2 grid grid-cols-subgrid">
          <dt className="wrap-anywhere text-ink-3">{visible(name)}</dt>
          <dd className="wrap-anywhere text-ink-2">
            <bdi>{visible(value)}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}
