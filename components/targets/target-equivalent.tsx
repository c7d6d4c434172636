"use client";

import { useFormContext, useWatch } from "react-hook-form";
import { Equivalent } from "@/components/kit/equivalent.tsx";
import { commandLine } from "@/lib/format/shell.ts";
import type { TargetFormInput } from "./target-form.ts";

/** What saving the form does, as a command and as an HTTP call. Secrets stay out of it. */
export function TargetEquivalent({ isNew }: { isNew: boolean }) {
  const { control } = useFormContext<TargetFormInput>();
  const values = useWatch({ control }) as TargetFormInput;
  const name = values.name || "NAME";
  return (
    <Equivalent
      {...(isNew ? { command: commandLine("nightpost", "forward", "target", "add", name, ...words(values)) } : {})}
      method="PUT"
      path={`/forward/targets/${encodeURIComponent(name)}`}
      body={{ target: outline(values), ...(isNew ? { withRule: values.alsoRule } : {}) }}
    />
  );
}

function words(values: TargetFormInput): string[] {
  switch (values.kind) {
    case "webhook":
      return [
        ...["--url", values.url || "URL", "--preset", values.preset ?? "classic"],
        ...(values.preset === "template" ? ["--template-file", "body.liquid"] : []),
        ...(values.confidential ? ["--confidential"] : []),
        ...(values.auth === "bearer" ? ["--bearer", "TOKEN"] : []),
        ...(values.auth === "basic" ? ["--basic", `${values.user || "USER"}:PASSWORD`] : []),
        ...(values.allowPrivate ? ["--allow-private"] : []),
        ...(values.order === undefined || values.order === "recipient" ? [] : ["--order", values.order]),
      ];
    case "apns":
      return [
        ...["--kind", "apns", "--key-file", `AuthKey_${values.keyId || "KEYID"}.p8`],
        ...["--key-id", values.keyId || "KEYID", "--team-id", values.teamId || "TEAMID"],
        ...["--topic", values.topic || "TOPIC"],
      ];
    case "fcm":
      return ["--kind", "fcm", "--key-file", "service-account.json"];
    case "webpush":
      return ["--kind", "webpush", "--contact", values.contact || "mailto:ADMIN@EXAMPLE.ORG"];
    default:
      return ["--kind", "xep0357"];
  }
}

/** The settings that somebody would write by hand. */
function outline(values: TargetFormInput): Record<string, unknown> {
  switch (values.kind) {
    case "webhook": {
      const { kind, url, preset, confidential, allowPrivate, order } = values;
      return { kind, url, preset, confidential, allowPrivate, order };
    }
    case "apns": {
      const { kind, keyId, teamId, topic, environment } = values;
      return { kind, key: "…", keyId, teamId, topic, environment };
    }
    case "fcm":
      return { kind: values.kind, serviceAccount: "…", mode: values.mode };
    case "webpush":
      return { kind: values.kind, contact: values.contact };
    default:
      return { kind: values.kind, domains: values.domains, body: values.body };
  }
}
