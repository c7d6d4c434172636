import { WebSocket } from "ws";
import { LiveFrame } from "../../lib/contracts/events.ts";
import { controlSocket } from "./client.ts";
import { CommandError, exitCodes } from "./exit.ts";

export interface FollowOptions {
  readonly withLog: boolean;
  readonly withStanzas: boolean;
  /** One JSON object a line instead of text. */
  readonly isJson: boolean;
}

/** Prints the running server's log, and its stanzas, as they come. Ends with the connection. */
export async function follow(data: string, { withLog, withStanzas, isJson }: FollowOptions): Promise<void> {
  const socket = new WebSocket(`ws+unix://${controlSocket(data)}:/api/v1/live`);
  socket.on("open", () => {
    if (withLog) socket.send(JSON.stringify({ type: "subscribe", topic: "log" }));
    if (withStanzas) socket.send(JSON.stringify({ type: "subscribe", topic: "stanzas" }));
  });
  socket.on("message", (message: Buffer) => {
    const frames: unknown = JSON.parse(message.toString("utf8"));
    for (const frame of Array.isArray(frames) ? frames : []) print(LiveFrame.parse(frame), isJson);
  });
  await new Promise<void>((resolve, reject) => {
    socket.on("close", () => resolve());
    socket.on("error", () =>
      reject(new CommandError("The running server does not take this connection.", exitCodes.notRunning)),
    );
  });
}

function print(frame: LiveFrame, isJson: boolean): void {
  if (frame.type === "error") console.error(frame.message);
  if (frame.type === "gap") console.log(`… ${frame.to - frame.from + 1} lines of ${frame.topic} were left out`);
  if (frame.type !== "event") return;
  const { event } = frame;
  if (isJson) {
    console.log(JSON.stringify(event));
    return;
  }
  if (event.topic === "log") {
    const { at, level, module, message, fields } = event.data;
    const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`);
    console.log(`${at} ${level.padEnd(5)} ${module}: ${message}${rest.join("")}`);
  } else if (event.topic === "stanzas") {
    const { at, direction, jid, xml } = event.data;
    console.log(`${at} ${direction === "in" ? "<-" : "->"} ${jid} ${xml}`);
  }
}
