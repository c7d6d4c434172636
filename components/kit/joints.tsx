"use client";

import { isValidElement, type ReactNode } from "react";
import { useLocale } from "use-intl";
import { closeUp, joints } from "@/lib/i18n/joints.ts";

/** What stands between the parts of a text in the reader's language. */
export const useJoints = () => joints[useLocale()];

/** Between two sentences in the reader's language: a blank, or nothing. */
export const SentenceGap = () => useJoints().gap;

/** A rich message without the blanks that its values turned out not to need. */
export function closedUp(message: ReactNode): ReactNode {
  if (!Array.isArray(message)) return message;
  const parts: readonly ReactNode[] = message;
  return parts.map((part, index) =>
    typeof part === "string" ? closeUp(part, textOf(parts[index - 1]), textOf(parts[index + 1])) : part,
  );
}

/** What a part says, as far as it says so itself: the text of a component is not known before it is rendered. */
function textOf(part: ReactNode): string {
  if (typeof part === "string") return part;
  if (Array.isArray(part)) return part.map((each: ReactNode) => textOf(each)).join("");
  return isValidElement<{ children?: ReactNode }>(part) ? textOf(part.props.children) : "";
}
