import { WebSocket } from "ws";
import { LiveFrame } from "../../lib/contracts/events.ts";
import type { LogFilter, LogRecord } from "../../lib/contracts/log.ts";
import type { Connection } from "./client.ts";
import { CommandError, exitCodes } from "./exit.ts";

/** What to follow of the live stream. */
export type Followed =
  | { readonly topic: "log"; readonly since?: number; readonly log?: LogFilter }
  | { readonly topic: "stanzas"; readonly watch: string };

/** Prints what the running server tells as it comes, one JSON object a line with `isJson`. Ends with the connection. */
export async function follow(connection: Connection, topics: readonly Followed[], isJson: boolean): Promise<void> {
  const isSocket = connection.kind === "socket";
  const base = isSocket ? `ws+unix://${connection.path}:` : connection.url.replace(/^http/, "ws");
  const headers = isSocket ? {} : { authorization: `Bearer ${connection.key}` };
  const socket = new WebSocket(`${base}/api/v1/live`, { headers });
  socket.on("open", () => {
    for (const topic of topics) socket.send(JSON.stringify({ type: "subscribe", ...topic }));
  });
  socket.on("message", (message: Buffer) => {
    const frames: unknown = JSON.parse(message.toString("utf8"));
    for (const one of Array.isArray(frames) ? frames : []) {
      const frame = LiveFrame.parse(one);
      print(frame, isJson);
      // What was watched is over.
      if (frame.type === "reset" && frame.topic === "stanzas") socket.close();
    }
  });
  await new Promise<void>((resolve, reject) => {
    socket.on("close", () => resolve());
    socket.on("error", () =>
      reject(new CommandError("The running server does not take this connection.", exitCodes.notRunning)),
    );
  });
}

export function logLine({ at, level, module, message, fields }: LogRecord): string {
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
  return `${at} ${level.padEnd(5)} ${module}: ${message}${rest.join("")}`;
}

function print(frame: LiveFrame, isJson: boolean): void {
  if (frame.type === "error") console.error(frame.message);
  if (frame.type === "gap") console.log(`… ${frame.to - frame.from + 1} lines of ${frame.topic} were left out`);
  if (frame.type !== "event") return;
  const { event } = frame;
  if (isJson) {
    console.log(JSON.stringify(event));
  } else if (event.topic === "log") {
    console.log(logLine(event.data));
  } else if (event.topic === "stanzas") {
    const { at, direction, jid, xml, missed } = event.data;
    if (missed > 0) console.log(`… ${missed} stanzas were left out`);
    console.log(`${at} ${direction === "in" ? "<-" : "->"} ${jid} ${xml}`);
  }
}
