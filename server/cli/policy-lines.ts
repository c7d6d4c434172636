import type { PolicyImpact } from "../../lib/contracts/policy-impact.ts";
import type { PolicyChange, PolicyIssue, PolicyTest } from "../../lib/contracts/policy.ts";

export function issueLines(issues: readonly PolicyIssue[]): string[] {
  return issues.map(
    (issue) =>
      `${issue.severity}: ${issue.path}: ${issue.message}${issue.suggestion === null ? "" : ` (${issue.suggestion})`}`,
  );
}

export function changeLines(changes: readonly PolicyChange[]): string[] {
  return changes.flatMap(({ path, before, after }) => [
    ...(before === null || before === undefined ? [] : [`- ${path}: ${JSON.stringify(before)}`]),
    ...(after === null || after === undefined ? [] : [`+ ${path}: ${JSON.stringify(after)}`]),
  ]);
}

export function testText({ jid, ip, host, rule, expected }: PolicyTest): string {
  const from = ip === undefined ? "" : ` from ${ip}`;
  return `${rule} ${expected === "allow" ? "allows" : "denies"} ${jid}${from}${host === undefined ? "" : ` on ${host}`}`;
}

export function impactLines(impact: PolicyImpact | null): string[] {
  if (impact === null || impact.rules.length === 0) return [];
  const { accounts, sessions, rules } = impact;
  const { total, checked } = accounts;
  return [
    `asked for ${checked < total ? `a sample of ${checked} of ${total}` : `all ${total}`} accounts and ${sessions} sessions:`,
    ...rules.flatMap(({ rule, gain, lose, online }) => [
      `  ${rule}: ${gain.count} gain, ${lose.count} lose; online ${online.gain.count} gain, ${online.lose.count} lose`,
      ...[gain, online.gain].flatMap(({ samples }) => samples.map((jid) => `    + ${jid}`)),
      ...[lose, online.lose].flatMap(({ samples }) => samples.map((jid) => `    - ${jid}`)),
    ]),
  ];
}
