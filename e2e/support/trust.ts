import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import tls from "node:tls";
import type { TestServer } from "./server.ts";

/** Makes this process trust the generated certificate of `localhost`, for clients that verify it, as they should. */
export function trustCertificateOf(server: TestServer): void {
  const directory = join(server.data, "certificates");
  const pem = readdirSync(directory).filter((name) => name.includes("localhost") && !name.includes("key"));
  tls.setDefaultCACertificates(pem.map((name) => readFileSync(join(directory, name), "utf8")));
}
