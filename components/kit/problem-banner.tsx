"use client";

import dynamic from "next/dynamic";
import { Banner } from "@/components/ui/banner.tsx";
import { problemOf } from "@/lib/api/problem.ts";
import { useProblemText } from "./problem-text.ts";
import { useFieldText } from "./use-field-text.ts";

// Few refusals have any, and every page has banners.
const ProblemIssues = dynamic(() => import("./problem-issues.tsx").then((part) => part.ProblemIssues), { ssr: false });

/** A failed call where no field can be blamed: what kind of failure, and what the server says of the input. */
export function ProblemBanner({ error }: { error: unknown }) {
  const problemText = useProblemText();
  const fieldText = useFieldText();
  const problem = problemOf(error);
  const errors = problem.errors ?? [];
  return (
    <Banner tone="err" alert>
      {problemText(problem)}
      {errors.length > 0 ? (
        <ul className="mt-1 text-ink-2">
          {errors.map((each) => (
            <li key={`${each.path} ${each.message}`} className="wrap-anywhere">
              <code className="mr-1.5 font-mono text-meta">{each.path}</code>
              {fieldText(each)}
            </li>
          ))}
        </ul>
      ) : null}
      {problem.issues && problem.issues.length > 0 ? <ProblemIssues issues={problem.issues} /> : null}
    </Banner>
  );
}
