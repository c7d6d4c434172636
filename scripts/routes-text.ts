import { contract } from "../lib/contracts/index.ts";

const head = `// Generated from the contract when the console is built; edit lib/contracts instead.
import type { EndpointMeta } from "../contracts/endpoint.ts";

/** Where a verb of the API is, and who may call it. */
export interface ApiRoute {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: \`/\${string}\`;
  readonly meta: EndpointMeta;
}

/** The verbs of the API by their names: \`users.create\`. */
`;

/** The text of lib/api/routes.ts. */
export function routesText(): string {
  const lines = Object.entries(contract).flatMap(([entity, verbs]) =>
    Object.entries(verbs).map(([verb, { "~orpc": entry }]) => {
      const { permission, audit, host, filtered } = entry.meta;
      const meta = Object.entries({ permission, audit, host, filtered })
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
      const { method, path } = entry.route;
      return `  "${entity}.${verb}": { method: "${method}", path: "${path}", meta: { ${meta.join(", ")} } },\n`;
    }),
  );
  return `${head}// oxfmt-ignore\nexport const routes: Readonly<Record<string, ApiRoute>> = {\n${lines.join("")}};\n`;
}
