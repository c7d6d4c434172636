import { commandLine } from "@/lib/format/shell.ts";

/** The command and the call that make a link for a new password. */
export function resetRequest(jid: string) {
  const at = jid.lastIndexOf("@");
  return {
    command: commandLine("nightpost", "generate_reset_token", jid.slice(0, at), jid.slice(at + 1)),
    method: "POST",
    path: `/users/${encodeURIComponent(jid)}/password/reset`,
  } as const;
}
