import { once } from "node:events";
import { WebSocket } from "ws";
import type { TestServer } from "../e2e/support/server.ts";

/** The inspector of a server that was started with `--inspect`: its main thread can be asked to collect its garbage. */
export class Inspected {
  readonly #socket: WebSocket;
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  static async attach({ output }: TestServer): Promise<Inspected> {
    const [url] = /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/.exec(output) ?? [];
    if (url === undefined) throw new Error("nothing can be inspected");
    const socket = new WebSocket(url);
    await once(socket, "open");
    return new Inspected(socket);
  }

  /** Bytes in use, once everything that nobody holds is gone. */
  async heapAfterCollection(): Promise<number> {
    await this.#ask("HeapProfiler.collectGarbage");
    const { usedSize } = await this.#ask("Runtime.getHeapUsage");
    return Number(usedSize);
  }

  close(): void {
    this.#socket.close();
  }

  async #ask(method: string): Promise<Readonly<Record<string, unknown>>> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#socket.send(JSON.stringify({ id, method }));
    for (;;) {
      const [data] = (await once(this.#socket, "message")) as [Buffer];
      const answer = JSON.parse(data.toString()) as { id?: number; result?: Record<string, unknown> };
      if (answer.id === id) return answer.result ?? {};
    }
  }
}
