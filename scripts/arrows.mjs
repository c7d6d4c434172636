// The import arrows of docs/architecture.md are rules in .oxlintrc.json. A rule that matches nothing says nothing, so each
// one is shown an import that it must refuse, and each folder one that it must let pass.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "./run.mjs";
import { root } from "./setup.mjs";

/** File, what it must not import, what it may import. */
const arrows = [
  ["server/xmpp/probe.ts", "../core/log.ts", "./jid.ts"],
  ["server/storage/sqlite/probe.ts", "../../core/log.ts", "../../xmpp/jid.ts"],
  ["server/net/http/probe.ts", "../../core/log.ts", "../../xmpp/limits.ts"],
  ["server/net/probe.ts", "../storage/ports.ts", "../xmpp/limits.ts"],
  ["server/core/probe.ts", "../modules/ping.ts", "../storage/ports.ts"],
  ["server/core/policy/probe.ts", "../../storage/sqlite/client.ts", "../../../lib/contracts/policy.ts"],
  ["server/core/probe-features.ts", "../features/invitations.ts", "./one-per-server.ts"],
  ["server/core/probe-operations.ts", "../operations/backups/restore.ts", "./clock.ts"],
  ["server/features/probe.ts", "../modules/ping.ts", "../core/one-per-server.ts"],
  ["server/features/probe/probe.ts", "../../net/stream.ts", "../../storage/ports.ts"],
  ["server/operations/probe/probe.ts", "../../features/invitations.ts", "../../net/certificates.ts"],
  ["server/operations/probe/probe-driver.ts", "../../storage/sqlite/vault.ts", "../../storage/ports.ts"],
  ["server/modules/probe.ts", "./ping.ts", "../core/module.ts"],
  ["server/modules/probe-net.ts", "../net/stream.ts", "../xmpp/jid.ts"],
  ["server/modules/probe/probe.ts", "../ping.ts", "./rules.ts"],
  ["server/modules/probe/probe-folder.ts", "../presence/module.ts", "../../core/module.ts"],
  ["server/modules/probe/probe-driver.ts", "../../storage/sqlite/client.ts", "../../storage/ports.ts"],
  ["server/modules/probe/probe-memory.ts", "../../storage/memory.ts", "../../features/invitations.ts"],
  ["server/modules/probe/probe-operations.ts", "../../operations/backups/restore.ts", "../../xmpp/jid.ts"],
  ["server/modules/probe/probe-contracts.ts", "../../../lib/contracts/policy.ts", "../../core/network.ts"],
  ["server/forward/probe.ts", "../storage/sqlite/client.ts", "../storage/ports.ts"],
  ["server/forward/probe-modules.ts", "../modules/index.ts", "../core/module.ts"],
  ["server/forward/probe-features.ts", "../features/invitations.ts", "../core/module.ts"],
  ["server/admin/probe.ts", "../modules/index.ts", "../forward/service.ts"],
  ["server/admin/probe-web.ts", "../web/pages.ts", "../features/invitations.ts"],
  ["server/admin/probe-driver.ts", "../storage/sqlite/client.ts", "../storage/errors.ts"],
  ["server/web/probe.ts", "../admin/http.ts", "../features/invitations.ts"],
  ["server/web/probe-storage.ts", "../storage/ports.ts", "../xmpp/jid.ts"],
  ["server/cli/commands/probe.ts", "../../core/log.ts", "../../../lib/contracts/policy.ts"],
  ["server/config/probe.ts", "../storage/ports.ts", "../core/policy/nearest.ts"],
  ["app/probe.tsx", "../server/core/log.ts", "@/components/shell/shell"],
  ["components/probe/probe.tsx", "@/server/core/log.ts", "@/lib/api/client"],
  ["components/probe/probe-route.tsx", "@/app/layout", "../kit/states"],
  ["lib/api/probe.ts", "@/components/kit/states", "../contracts/index.ts"],
  ["lib/contracts/probe.ts", "node:fs", "zod"],
  ["lib/contracts/probe-lib.ts", "../format/time.ts", "./policy.ts"],
];

/** Plants the imports in an empty tree with the checkout's rules, so that nobody meets them in the checkout. */
export async function arrowsHold() {
  const tree = mkdtempSync(join(tmpdir(), "nightpost-arrows-"));
  try {
    copyFileSync(join(root, ".oxlintrc.json"), join(tree, ".oxlintrc.json"));
    for (const [file, forbidden, allowed] of arrows) {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      const imports = [forbidden, allowed].map((path, index) => `import { probe as probe${index} } from "${path}";\n`);
      writeFileSync(join(tree, file), `${imports.join("")}export const probes = [probe0, probe1];\n`);
    }
    const { output } = await run("oxlint", ["--format=json", "."], { quiet: true, cwd: tree });
    const found = JSON.parse(output).diagnostics.map(({ filename, labels, code }) => {
      const line = labels[0]?.span.line;
      return `${filename}:${line} ${code}`;
    });
    const expected = arrows.map(([file]) => `${file}:1 eslint(no-restricted-imports)`);
    const wrong = [
      ...expected.filter((one) => !found.includes(one)).map((one) => `not refused: ${one}`),
      ...found.filter((one) => !expected.includes(one)).map((one) => `refused: ${one}`),
    ];
    return { code: wrong.length === 0 ? 0 : 1, output: wrong.join("\n") };
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}
