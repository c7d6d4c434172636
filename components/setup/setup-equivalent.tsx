"use client";

import { Equivalent } from "@/components/kit/equivalent.tsx";
import { commandLine } from "@/lib/format/shell.ts";
import type { SetupValues } from "./setup-values.ts";

/** What the first host and the first admin are as a command and as an HTTP call, without the secrets. */
export function SetupEquivalent({ values: { host, admin } }: { values: SetupValues }) {
  return (
    <Equivalent
      command={commandLine(
        ...["nightpost", "setup", "--host", host.trim(), "--admin", admin.trim()],
        ...["--password-file", "FILE"],
      )}
      method="POST"
      path="/setup"
      body={{ token: "…", host: host.trim(), admin: admin.trim(), password: "…" }}
    />
  );
}
