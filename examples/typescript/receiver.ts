import { timingSafeEqual } from "node:crypto";
/**
 * A web server for Nightpost's `json` preset: verifies each request, keeps each event once, answers, and then pushes to the
 * recipient's iPhones. Run it with Node 26; it needs nothing else.
 *
 * WEBHOOK_SECRET the target's signing secret; PORT (8080); INBOX the database file (inbox.db); API_TOKEN lets the app's
 * server register phones with `PUT /devices/USER/TOKEN`; APNS_KEY_FILE, APNS_KEY_ID, APNS_TEAM_ID, APNS_TOPIC, APNS_SERVER.
 */
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Apns } from "./apns.ts";
import { Inbox, type Message } from "./inbox.ts";
import { Pusher } from "./pusher.ts";
import { isGenuine } from "./signature.ts";

const maxBytes = 1024 * 1024;
const env = (name: string, otherwise = ""): string => process.env[name] ?? otherwise;

const secret = env("WEBHOOK_SECRET");
if (!secret.startsWith("whsec_")) throw new Error("WEBHOOK_SECRET has to be the target's signing secret (whsec_…)");
const inbox = new Inbox(env("INBOX", "inbox.db"));
const pusher = env("APNS_KEY_FILE") === "" ? null : new Pusher(inbox, apple());

function apple(): Apns {
  return new Apns({
    server: env("APNS_SERVER", "https://api.push.apple.com"),
    key: readFileSync(env("APNS_KEY_FILE"), "utf8"),
    keyId: env("APNS_KEY_ID"),
    teamId: env("APNS_TEAM_ID"),
    topic: env("APNS_TOPIC"),
  });
}

/** null: it is too large. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > maxBytes) return null;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function take(body: Buffer): number {
  const event = JSON.parse(body.toString()) as Message & { readonly type: string };
  // What this program does not know yet is not an error: it would only come again.
  if (event.type === "message.offline" && inbox.keep(event)) void pusher?.wake();
  return 204;
}

function register(request: IncomingMessage): number {
  const given = Buffer.from(request.headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${env("API_TOKEN")}`);
  const isAllowed = env("API_TOKEN") !== "" && given.length === wanted.length && timingSafeEqual(given, wanted);
  if (!isAllowed) return 401;
  const [, , user, token] = (request.url ?? "").split("/").map(decodeURIComponent);
  if (!user?.includes("@") || token === undefined || !/^[0-9a-f]+$/i.test(token)) return 400;
  inbox.register(user, token);
  return 204;
}

async function answer(request: IncomingMessage): Promise<number> {
  if (request.method === "PUT" && request.url?.startsWith("/devices/")) return register(request);
  if (request.method !== "POST") return 405;
  const body = await bodyOf(request);
  if (body === null) return 413;
  return isGenuine(secret, request.headers, body) ? take(body) : 401;
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let status = 500;
  try {
    status = await answer(request);
  } catch (error) {
    console.error(error);
  }
  response.writeHead(status).end();
}

const server = createServer((request, response) => void serve(request, response));
server.listen(Number(env("PORT", "8080")), "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") console.log(`listening on 127.0.0.1:${address.port}`);
});
void pusher?.wake();
process.once("SIGTERM", () => {
  server.close(() => {
    pusher?.close();
    inbox.close();
  });
  server.closeAllConnections();
});
