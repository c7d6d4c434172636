import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { testServer } from "../core/testing.ts";
import { message } from "../modules/message/module.ts";
import { offline } from "../modules/offline/module.ts";
import { loadOperatorModules } from "./operator-modules.ts";

const examples = fileURLToPath(new URL("../../docs/examples", import.meta.url));

test("the example of docs/modules.md posts an offline message, and the message is stored all the same", async () => {
  const requests: { type: string | undefined; body: string }[] = [];
  const posted = Promise.withResolvers<void>();
  const web = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      requests.push({ type: request.headers["content-type"], body });
      response.end();
      posted.resolve();
    });
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  const { port } = web.address() as AddressInfo;
  const server = await testServer({
    modules: [message, offline, ...(await loadOperatorModules(examples))],
    accounts: ["harttle@bix.org", "away@bix.org"],
    policy: (draft) => {
      draft.modules["offline-post"] = {
        enabled: true,
        options: { url: `http://127.0.0.1:${port}/xmppforward/offline` },
      };
    },
  });
  const client = await server.connect("harttle@bix.org/desk");
  client.send("<message type='chat' to='away@bix.org'><body>1+1=2 &amp; more</body></message>");
  await posted.promise;
  expect(requests).toEqual([
    {
      type: "application/x-www-form-urlencoded;charset=UTF-8",
      body: "from=harttle%40bix.org%2Fdesk&to=away%40bix.org&body=1%2B1%3D2+%26+more",
    },
  ]);
  await expect.poll(() => server.stores.offline.depth("bix.org", "away")).toMatchObject({ messages: 1 });
  await server.stop();
  await new Promise((resolve) => web.close(resolve));
});

test("docs/modules.md shows the example as it is", () => {
  const example = readFileSync(join(examples, "offline-post.ts"), "utf8");
  expect(readFileSync(join(examples, "../modules.md"), "utf8")).toContain(`\`\`\`ts\n${example}\`\`\``);
});
