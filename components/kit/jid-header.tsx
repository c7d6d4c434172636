import type { ReactNode } from "react";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { BackLink } from "./back-link.tsx";
import { JidText } from "./jid-text.tsx";
import { PageHeader } from "./page-header.tsx";

interface Props {
  /** "": the page was opened without one. */
  jid: string;
  href: string;
  /** What the list at `href` is called. */
  list: string;
  /** Before the address, and behind it. */
  picture?: ReactNode;
  lead?: ReactNode;
  actions: ReactNode;
}

/** The head of a page about an address: the way back to the list, and the address. */
export function JidHeader({ jid, href, list, picture, lead, actions }: Props) {
  return (
    <div className="flex flex-col gap-2">
      <BackLink href={href}>{list}</BackLink>
      <PageHeader
        title={
          <span className="inline-flex items-center gap-2">
            {picture}
            <JidText jid={jid} />
            {jid ? <CopyButton text={jid} /> : null}
          </span>
        }
        lead={lead}
        actions={actions}
      />
    </div>
  );
}
