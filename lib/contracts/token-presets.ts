import type { WebhookPreset } from "./forward-target.ts";

/** Presets whose form has a field `access_token`, as their modules sent it. */
export const tokenPresets: ReadonlySet<WebhookPreset> = new Set<WebhookPreset>(["mod_interact", "mod_http_offline"]);
