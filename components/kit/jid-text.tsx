import { cn } from "@/lib/format/cn.ts";
import { visible } from "@/lib/format/visible.ts";

/** A JID as its owner wrote it: isolated from the text around it, control characters shown, the user's part stressed. */
export function JidText({ jid, className }: { jid: string; className?: string }) {
  const text = visible(jid);
  const at = text.indexOf("@");
  const slash = text.indexOf("/", Math.max(at, 0));
  const end = slash === -1 ? text.length : slash;
  return (
    <bdi className={cn("wrap-anywhere", className)}>
      {at > 0 ? <span className="font-medium text-ink">{text.slice(0, at)}</span> : null}
      {at > 0 ? <wbr /> : null}
      <span className="text-ink-2">{text.slice(Math.max(at, 0), end)}</span>
      {slash === -1 ? null : (
        <>
          <wbr />
          <span className="text-ink-3">{text.slice(slash)}</span>
        </>
      )}
    </bdi>
  );
}
