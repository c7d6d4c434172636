"use client";

import { useState } from "react";
import { useTranslations } from "use-intl";
import { toast } from "@/components/kit/toast.ts";
import { Button } from "@/components/ui/button.tsx";
import { useMay, useMe } from "@/lib/api/me.ts";
import type { User, UserAction } from "@/lib/contracts/users.ts";
import { AnnounceButton } from "./announce-button.tsx";
import { BulkDialog, type Matching } from "./bulk-dialog.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { SuspendDialog } from "./suspend-dialog.tsx";
import { useUserActions } from "./use-user-actions.ts";

interface Props {
  users: User[];
  /** All that a filter finds; null: only those of the page. */
  matching: Matching | null;
  onDone: () => void;
}

/** What can be done with the selected accounts. One's own is always left out. */
export function SelectionBar({ users, matching, onDone }: Props) {
  if (matching !== null) return <MatchingBar matching={matching} onDone={onDone} />;
  return users.length === 0 ? null : <PickedBar users={users} onDone={onDone} />;
}

const bar =
  "sticky bottom-0 flex min-h-12 flex-wrap items-center gap-2 border-t border-accent/40 bg-accent-soft px-4 py-2";

function PickedBar({ users, onDone }: Pick<Props, "users" | "onDone">) {
  const t = useTranslations();
  const me = useMe();
  const may = useMay();
  const [dialog, setDialog] = useState<"suspend" | "delete" | null>(null);
  const [tagging, setTagging] = useState<"tag" | "untag" | null>(null);
  const actions = useUserActions();

  const others = users.filter((user) => user.jid !== me.data?.name);
  const active = others.filter((user) => !user.suspended);
  const suspended = others.filter((user) => user.suspended);
  const mayChange = users.every(({ host }) => may("users.suspend", host));
  const mayTag = users.every(({ host }) => may("users.startJob", host));
  const picked = pickedOf(users);
  const resume = async () => {
    const count = await actions.resume(suspended);
    if (count > 0) toast.success(t("users.resumed", { count }));
    onDone();
  };
  return (
    <div role="region" aria-label={t("common.actions")} className={bar}>
      <span className="font-medium" aria-live="polite">
        {t("common.selected", { count: users.length })}
      </span>
      {others.length < users.length ? <span className="text-ink-2">{t("users.notYourself")}</span> : null}
      <span className="ml-auto flex flex-wrap gap-2">
        {mayChange && suspended.length > 0 ? (
          <Button size="sm" onClick={() => void resume()}>
            {t("users.resume")}
          </Button>
        ) : null}
        {mayChange && active.length > 0 ? (
          <Button size="sm" onClick={() => setDialog("suspend")}>
            {t("users.suspend")}
          </Button>
        ) : null}
        {mayTag
          ? (["tag", "untag"] as const).map((each) => (
              <Button key={each} size="sm" onClick={() => setTagging(each)}>
                {t(`bulk.actions.${each}.name`)}
              </Button>
            ))
          : null}
        <AnnounceButton matching={picked} onDone={onDone} />
        {mayChange && others.length > 0 ? (
          <Button size="sm" variant="danger-quiet" onClick={() => setDialog("delete")}>
            {t("users.delete")}
          </Button>
        ) : null}
        <Button size="sm" variant="ghost" onClick={onDone}>
          {t("common.clear")}
        </Button>
      </span>
      <BulkDialog
        action={tagging}
        matching={picked}
        onClose={(isStarted) => {
          setTagging(null);
          if (isStarted) onDone();
        }}
      />
      <SuspendDialog
        open={dialog === "suspend"}
        onOpenChange={(open) => setDialog(open ? "suspend" : null)}
        users={active}
        onDone={onDone}
      />
      <DeleteDialog
        open={dialog === "delete"}
        onOpenChange={(open) => setDialog(open ? "delete" : null)}
        users={others}
        onDone={onDone}
      />
    </div>
  );
}

/** These accounts and no others; of one host, for whoever may change that one only. */
function pickedOf(users: readonly User[]): Matching {
  const [first, ...others] = new Set(users.map(({ host }) => host));
  return {
    ...(first !== undefined && others.length === 0 ? { host: first } : {}),
    only: users.map(({ jid }) => jid),
  };
}

const actions = [
  "resume",
  "suspend",
  "end-sessions",
  "expire-password",
  "tag",
  "untag",
  "delete",
] as const satisfies UserAction[];

function MatchingBar({ matching, onDone }: { matching: Matching; onDone: () => void }) {
  const t = useTranslations();
  const may = useMay();
  const [action, setAction] = useState<UserAction | null>(null);
  return (
    <div role="region" aria-label={t("common.actions")} className={bar}>
      <span className="font-medium">{t("bulk.allMatching")}</span>
      <span className="ml-auto flex flex-wrap gap-2">
        {may("users.startJob", matching.host)
          ? actions.map((each) => (
              <Button
                key={each}
                size="sm"
                variant={each === "delete" ? "danger-quiet" : "secondary"}
                onClick={() => setAction(each)}
              >
                {t(`bulk.actions.${each}.name`)}
              </Button>
            ))
          : null}
        <AnnounceButton matching={matching} onDone={onDone} />
        <Button size="sm" variant="ghost" onClick={onDone}>
          {t("common.clear")}
        </Button>
      </span>
      <BulkDialog
        action={action}
        matching={matching}
        onClose={(isStarted) => {
          setAction(null);
          if (isStarted) onDone();
        }}
      />
    </div>
  );
}
