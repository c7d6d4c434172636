"use client";

import { useState } from "react";
import { DraftBar } from "@/components/kit/draft-bar.tsx";
import type { VerbName } from "@/lib/api/me.ts";
import { PolicyReview } from "./policy-review.tsx";
import type { DraftState } from "./use-draft.ts";

/** The bar of a draft of the policy, and behind it the review. `call`: the verb that whoever applies the draft may call. */
export function PolicyDraft({ draft, call }: { draft: DraftState; call: VerbName }) {
  const [isReviewing, setReviewing] = useState(false);
  return (
    <>
      {draft.draft ? (
        <DraftBar
          call={call}
          isChecking={draft.isChecking}
          changes={draft.changes.length}
          onDiscard={draft.discard}
          onReview={() => setReviewing(true)}
        />
      ) : null}
      <PolicyReview open={isReviewing} onOpenChange={setReviewing} draft={draft} />
    </>
  );
}
