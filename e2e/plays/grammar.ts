/** One step of a play; `line` is where it stands, `xml` what follows it. */
export interface Step {
  readonly line: number;
  readonly actor: string;
  readonly action: Action;
  readonly xml: string;
}
export type Action =
  | {
      readonly kind:
        | "connects"
        | "logs in"
        | "opens a stream"
        | "opens an encrypted stream"
        | "sends"
        | "receives"
        | "may receive"
        | "receives nothing";
    }
  | { readonly kind: "disconnects" | "dies" | "is disconnected" }
  | { readonly kind: "cannot connect"; readonly condition: string };

export interface Actor {
  readonly name: string;
  /** As declared: bare, or with the resource to bind. */
  readonly jid: string;
  readonly password: string;
  /** The account is made before the play begins. */
  readonly isRegistered: boolean;
}
export interface Play {
  readonly title: string;
  /** Why it says nothing about other servers; null: it is for all. */
  readonly onlyNightpost: string | null;
  readonly actors: readonly Actor[];
  readonly steps: readonly Step[];
}

const patterns: readonly (readonly [RegExp, (match: RegExpExecArray) => Action])[] = [
  [/^connects$/, () => ({ kind: "connects" })],
  [/^cannot connect: ([a-z-]+)$/, (match) => ({ kind: "cannot connect", condition: match[1]! })],
  [/^logs in$/, () => ({ kind: "logs in" })],
  [/^opens a stream$/, () => ({ kind: "opens a stream" })],
  [/^opens an encrypted stream$/, () => ({ kind: "opens an encrypted stream" })],
  [/^sends:$/, () => ({ kind: "sends" })],
  [/^receives:$/, () => ({ kind: "receives" })],
  [/^may receive:$/, () => ({ kind: "may receive" })],
  [/^receives nothing$/, () => ({ kind: "receives nothing" })],
  [/^disconnects$/, () => ({ kind: "disconnects" })],
  [/^dies$/, () => ({ kind: "dies" })],
  [/^is disconnected$/, () => ({ kind: "is disconnected" })],
];

/** Reads a play; README.md tells its grammar. Throws Error with the line. */
export function parsePlay(text: string): Play {
  const lines = text.split("\n");
  const actors = new Map<string, Record<string, string>>();
  const steps: Step[] = [];
  let title = "";
  let onlyNightpost: string | null = null;
  let declaring: Record<string, string> | null = null;

  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index]!;
    const fail = (reason: string): never => {
      throw new Error(`line ${index + 1}: ${reason}: ${line}`);
    };
    if (line.startsWith("#")) {
      if (title === "") title = line.slice(1).trim();
      onlyNightpost ??= /^# only nightpost: (.+)$/.exec(line)?.[1] ?? null;
      continue;
    }
    if (line.trim() === "") continue;
    const declaration = /^\[Client\] (\w+)$/.exec(line);
    if (declaration !== null) {
      declaring = {};
      actors.set(declaration[1]!, declaring);
      continue;
    }
    const setting = /^\s+(jid|password|account): (\S+)$/.exec(line);
    if (setting !== null && declaring !== null) {
      declaring[setting[1]!] = setting[2]!;
      continue;
    }
    declaring = null;
    const [, actor = "", rest = ""] = /^(\w+) (.+)$/.exec(line) ?? fail("not understood");
    if (!actors.has(actor)) fail(`there is no client ${actor}`);
    const action = actionOf(rest) ?? fail("not understood");
    const start = index;
    let xml = "";
    if (line.endsWith(":")) {
      while (/^\s+\S/.test(lines[index + 1] ?? "")) xml += `${lines[(index += 1)]!}\n`;
      if (xml === "") fail("no XML follows");
    }
    steps.push({ line: start + 1, actor, action, xml: dedent(xml) });
  }
  return { title, onlyNightpost, steps, actors: Array.from(actors, ([name, settings]) => actorOf(name, settings)) };
}

function actionOf(text: string): Action | undefined {
  for (const [pattern, make] of patterns) {
    const match = pattern.exec(text);
    if (match !== null) return make(match);
  }
  return undefined;
}

function actorOf(name: string, settings: Readonly<Record<string, string>>): Actor {
  const { jid, password = "a-good-secret", account = "registered" } = settings;
  if (jid === undefined) throw new Error(`[Client] ${name} has no jid`);
  return { name, jid, password, isRegistered: account === "registered" };
}

/** Takes away the indentation that the first line has. */
function dedent(xml: string): string {
  const indentation = /^\s*/.exec(xml)![0];
  return xml
    .split("\n")
    .map((line) => (line.startsWith(indentation) ? line.slice(indentation.length) : line))
    .join("\n")
    .trim();
}
