import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

const malformed = [400, "This is no HTTP request that can be understood."] as const;
/** What Node finds wrong with a request before it is one, by its code. */
const answers: Readonly<Record<string, readonly [status: number, reason: string]>> = {
  HPE_HEADER_OVERFLOW: [
    431,
    "The head of the request has more than 16384 bytes; cookies of other programs count, too.",
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The head of the request did not end in time."],
};
/** A client that is still sending may read the answer for so long: closed at once, its connection would be reset. */
const lingerMs = 1000;

const answered = new WeakSet<Duplex>();

/** Answers what could not be read as the first request of a connection (RFC 9112 3, RFC 6585 5), and ends that. */
export function answerBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
  // What still comes behind it is broken as well.
  if (answered.has(socket)) return;
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  answered.add(socket);
  const [status, reason] = answers[error.code ?? ""] ?? malformed;
  const body = `${reason}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n` +
      `cache-control: no-store\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  setTimeout(() => socket.destroy(), lingerMs).unref();
}
