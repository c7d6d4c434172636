import type { PolicyIssue } from "@/lib/contracts/policy.ts";

/** The issue with a message that does not begin with the place in the text: it is shown beside. */
export function withoutPlace(issue: PolicyIssue): PolicyIssue {
  const { message, line, column } = issue;
  const place = line === undefined || column === undefined ? "" : `Line ${line}, column ${column}: `;
  return message.startsWith(place) ? { ...issue, message: message.slice(place.length) } : issue;
}
