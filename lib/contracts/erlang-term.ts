import { PolicyTextError } from "./policy-text.ts";
import { type AccessLine, AccessRule, Condition } from "./policy.ts";

/** What a line of an `ejabberd.cfg` (ejabberd 2) says that belongs into the policy. */
export type ErlangSetting =
  | { readonly kind: "acl"; readonly name: string; readonly condition: Condition }
  | { readonly kind: "access"; readonly name: string; readonly lines: readonly AccessLine[] };

/** A tuple or a list is an array, with what it was in front; an atom is an object; a string is a string. */
type Term = string | { readonly atom: string } | { readonly open: "{" | "["; readonly items: readonly Term[] };

const TOKEN = /\s*(?:([{}[\],.])|<<"((?:[^"\\]|\\.)*)">>|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([a-z][\w@]*))/y;
const maxDepth = 8;

class Reader {
  readonly #text: string;
  #at = 0;
  #match: RegExpExecArray | null = null;

  constructor(text: string) {
    this.#text = text;
    this.#next();
  }

  #next(): void {
    TOKEN.lastIndex = this.#at;
    this.#match = TOKEN.exec(this.#text);
    if (this.#match !== null) this.#at = TOKEN.lastIndex;
    else if (this.#text.slice(this.#at).trim() !== "") this.#fail();
  }

  #fail(): never {
    throw new PolicyTextError(`not an Erlang term, at: ${this.#text.slice(this.#at, this.#at + 40)}`);
  }

  read(): Term {
    const term = this.#term(0);
    if (this.#match?.[1] === ".") this.#next();
    if (this.#match !== null) this.#fail();
    return term;
  }

  #term(depth: number): Term {
    const [, mark, binary, string, quoted, atom] = this.#match ?? this.#fail();
    if (mark === "{" || mark === "[") return this.#items(mark, depth);
    if (mark !== undefined) this.#fail();
    this.#next();
    const text = binary ?? string;
    return text === undefined ? { atom: quoted ?? atom! } : text.replace(/\\(.)/g, "$1");
  }

  #items(open: "{" | "[", depth: number): Term {
    if (depth === maxDepth) this.#fail();
    const close = open === "{" ? "}" : "]";
    const items: Term[] = [];
    this.#next();
    while (this.#match?.[1] !== close) {
      items.push(this.#term(depth + 1));
      if (this.#match?.[1] === ",") this.#next();
      else if (this.#match?.[1] !== close) this.#fail();
    }
    this.#next();
    return { open, items };
  }
}

const atomOf = (term: Term | undefined): string | undefined =>
  typeof term === "object" && "atom" in term ? term.atom : undefined;
const itemsOf = (term: Term | undefined): readonly Term[] =>
  typeof term === "object" && "items" in term ? term.items : [];

function conditionOf(spec: Term | undefined): unknown {
  const word = atomOf(spec);
  if (word !== undefined) return word;
  const [kind, ...values] = itemsOf(spec);
  const name = atomOf(kind) ?? "";
  const [first, second] = values;
  if (typeof first !== "string") return null;
  if (name === "node_regexp" || name === "node_glob") return { [name]: { user: first, server: second } };
  if (second === undefined) return { [name]: first };
  // `{user, "harttle", "bix.org"}`: the second string is the server.
  return typeof second === "string" && name.startsWith("user") ? { [name]: `${first}@${second}` } : null;
}

/** Access lines of 2014 name one ACL each: `{allow, admin}`. */
function lineOf(term: Term): unknown {
  const [action, acl] = itemsOf(term);
  const name = atomOf(acl);
  const conditions = name === "all" || name === "none" ? [name] : [{ acl: name }];
  return { [atomOf(action) ?? ""]: conditions };
}

/**
 * Reads `{acl, admin, {user, "harttle", "bix.org"}}.` and `{access, configure, [{allow, admin}]}.` as they stand in an
 * ejabberd.cfg. Throws PolicyTextError.
 */
export function parseErlangTerm(text: string): ErlangSetting {
  const [kind, nameTerm, value] = itemsOf(new Reader(text).read());
  const name = atomOf(nameTerm) ?? (typeof nameTerm === "string" ? nameTerm : undefined);
  if (name !== undefined && atomOf(kind) === "acl") {
    const condition = Condition.safeParse(conditionOf(value));
    if (condition.success) return { kind: "acl", name, condition: condition.data };
  }
  if (name !== undefined && atomOf(kind) === "access") {
    const lines = AccessRule.safeParse(itemsOf(value).map(lineOf));
    if (lines.success) return { kind: "access", name, lines: lines.data };
  }
  throw new PolicyTextError(`neither an acl nor an access rule of ejabberd: ${text.trim()}`);
}
