import { once } from "node:events";
import { WebSocket } from "ws";
import type { TestServer } from "./server.ts";

/** What a server needs in its environment so that its threads can be reached. */
export const inspectable = { NODE_OPTIONS: "--inspect=127.0.0.1:0" } as const;

interface Attached {
  readonly method: "NodeWorker.attachedToWorker";
  readonly params: { readonly sessionId: string; readonly workerInfo: { readonly title: string } };
}

/** Ends one of a server's threads from outside, through the inspector's protocol, as a fault in it would. `name`: as in its title. */
export async function endThread({ output }: TestServer, name: string, code: number): Promise<void> {
  // Each start has its own.
  const url = output.match(/ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/g)?.at(-1);
  if (url === undefined) throw new Error("nothing can be inspected");
  const socket = new WebSocket(url);
  await once(socket, "open");
  const { promise, resolve } = Promise.withResolvers<string>();
  const seen: string[] = [];
  socket.on("message", (data: Buffer) => {
    const notice = JSON.parse(data.toString()) as Attached | { readonly method?: "other" };
    if (notice.method !== "NodeWorker.attachedToWorker") return;
    seen.push(notice.params.workerInfo.title);
    if (notice.params.workerInfo.title.includes(name)) resolve(notice.params.sessionId);
  });
  const ask = (id: number, method: string, params: object): void => socket.send(JSON.stringify({ id, method, params }));
  ask(1, "NodeWorker.enable", { waitForDebuggerOnStart: false });
  const late = setTimeout(() => resolve(""), 10_000);
  const sessionId = await promise;
  clearTimeout(late);
  if (sessionId === "") throw new Error(`there is no thread ${name} among ${seen.join(", ")}`);
  const expression = `process.exit(${code})`;
  const message = JSON.stringify({ id: 1, method: "Runtime.evaluate", params: { expression } });
  ask(2, "NodeWorker.sendMessageToWorker", { sessionId, message });
  socket.close();
}
