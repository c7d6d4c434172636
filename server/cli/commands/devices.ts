import type { Command } from "commander";
import { z } from "zod";
import { type Device, DeviceKind, DeviceRegistration } from "../../../lib/contracts/devices.ts";
import { apiCommand, pages, type Context } from "../context.ts";
import { CommandError, exitCodes } from "../exit.ts";
import { fileText } from "../file-text.ts";
import { attemptLines } from "./forward-targets.ts";

const states = ["active", "registered", "disabled"] as const;

/** Phones, browsers and app servers that pushes go to. */
export function deviceCommands(program: Command): void {
  const devices = program.command("devices").description("phones, browsers and app servers that pushes go to");
  apiCommand(devices, "list [jid]", "devices, newest first, of one account or of all", list, (command) =>
    command
      .option("--host <host>", "only of this host")
      .option("--kind <kind>", `only this kind (${DeviceKind.options.join(", ")})`)
      .option("--target <name>", "only at this target")
      .option("--state <state>", `only in this state (${states.join(", ")})`),
  );
  apiCommand(devices, "add <jid> <kind> [token]", "register a device, ready for pushes", add, (command) =>
    command
      .option("--token-file <file>", "read the token from a file; - is standard input")
      .option("--target <name>", "where there are several targets of the kind")
      .option("--name <name>", "what people call it")
      .option("--app-version <version>", "version of the app")
      .option("--voip-token <token>", "apns: token for calls")
      .option("--environment <name>", "apns: production or sandbox")
      .option("--p256dh <key>", "webpush: public key of the subscription, whose endpoint is the token")
      .option("--auth <secret>", "webpush: secret of the subscription"),
  );
  apiCommand(devices, "remove <id>", "forget a device", async ({ api, print }, [id = ""]) => {
    print(await api.devices.remove({ id }), () => `Device ${id} removed`);
  });
  apiCommand(
    devices,
    "test <id>",
    "send one test push (exit code 0 when it was accepted)",
    async ({ api, print }, [id = ""]) => {
      const attempt = await api.devices.test({ id });
      print(attempt, () => attemptLines(attempt));
      if (attempt.outcome !== "delivered") process.exitCode = exitCodes.negative;
    },
  );
  for (const [verb, enabled, summary] of [
    ["enable", true, "push to a device again"],
    ["disable", false, "push to a device no more"],
  ] as const) {
    apiCommand(devices, `${verb} <id>`, summary, async ({ api, print }, [id = ""]) => {
      print(await api.devices.enable({ id, enabled }), () => `Device ${id} ${verb}d`);
    });
  }
}

async function list({ api, print }: Context, [user]: string[], options: Record<string, unknown>): Promise<void> {
  const filter = z
    .object({
      host: z.string().optional(),
      kind: DeviceKind.optional(),
      target: z.string().optional(),
      state: z.enum(states).optional(),
    })
    .safeParse(options);
  if (!filter.success) throw new CommandError(z.prettifyError(filter.error), exitCodes.usage);
  const found: Device[] = [];
  const wanted = { ...filter.data, ...(user !== undefined && { user }) };
  for await (const device of pages((cursor) => api.devices.list({ ...wanted, cursor, limit: 500 }))) found.push(device);
  print(found, () => found.map(deviceLine));
}

async function add(
  { api, print }: Context,
  [user = "", kind = "", given]: string[],
  options: Record<string, unknown>,
): Promise<void> {
  const token = tokenOf(given, options["tokenFile"]);
  const registration = DeviceRegistration.safeParse({
    kind,
    ...(kind === "webpush" ? { endpoint: token } : { token }),
    voipToken: options["voipToken"],
    environment: options["environment"],
    p256dh: options["p256dh"],
    auth: options["auth"],
  });
  if (!registration.success) throw new CommandError(z.prettifyError(registration.error), exitCodes.usage);
  const device = await api.devices.register({
    user,
    device: registration.data,
    ...textOption(options, "target"),
    ...textOption(options, "name"),
    ...textOption(options, "appVersion"),
  });
  print(device, () => `Device ${device.id} of ${device.user} registered with ${device.target}`);
}

/** A token from the command line, or from a file so that it is not seen in the process list. */
function tokenOf(given: string | undefined, file: unknown): string {
  if (typeof file === "string") return fileText(file).trim();
  if (given !== undefined) return given;
  throw new CommandError("Give the token, or --token-file FILE (- is standard input).", exitCodes.usage);
}

function textOption<Key extends string>(options: Record<string, unknown>, key: Key): { [K in Key]?: string } {
  const value = options[key];
  return (typeof value === "string" ? { [key]: value } : {}) as { [K in Key]?: string };
}

function deviceLine(device: Device): string {
  const trouble = device.disabledReason ?? device.lastError ?? "";
  return `${device.id}\t${device.user}\t${device.kind}\t${device.target}\t${device.state}\t${device.name ?? "-"}\t${device.address}\taccepted ${device.lastAcceptedAt ?? "never"}\t${trouble}`;
}
