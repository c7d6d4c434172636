import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type ParsedNode,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";

/** How texts of the policy are written. */
export const yamlOptions = { lineWidth: 100, flowCollectionPadding: true, aliasDuplicateObjects: false } as const;

/**
 * A text with other values in it: comments, blank lines and the way things are written stay with what they stand at. An item of
 * a list takes its comment along when it moves, and keeps it when it is changed where it stands. null: the text cannot be read.
 */
export function withValues(text: string, value: object): string | null {
  const document = parseDocument(text);
  if (document.errors.length > 0) return null;
  document.contents = patched(document, document.contents, value) as ParsedNode;
  return document.toString(yamlOptions);
}

/** `isItem`: of a list; a comment before it is its own. */
function patched(document: Document, node: unknown, value: unknown, isItem = false): Node {
  if (!isItem && isCollection(node)) commentAtFirst(node);
  if (isMap(node) && isRecord(value)) return patchMap(document, node, value);
  if (isSeq(node) && Array.isArray(value)) return patchList(document, node, value);
  if (isScalar(node) && !isObject(value)) {
    node.value = value;
    return node;
  }
  const fresh = document.createNode(value, { aliasDuplicateObjects: false });
  return isNode(node) ? withCommentsOf(node, fresh) : fresh;
}

function patchMap(document: Document, map: YAMLMap, value: Readonly<Record<string, unknown>>): Node {
  map.items = map.items.filter((pair) => Object.hasOwn(value, nameOf(pair)));
  const known = new Map(map.items.map((pair) => [nameOf(pair), pair]));
  for (const [name, part] of Object.entries(value)) {
    const pair = known.get(name);
    if (pair === undefined) map.add(document.createPair(name, part));
    else pair.value = patched(document, pair.value, part);
  }
  return map;
}

function patchList(document: Document, list: YAMLSeq, value: readonly unknown[]): Node {
  const left = [...list.items];
  const wanted = value.map((part) => {
    const at = left.findIndex((item) => isNode(item) && canonical(item.toJS(document)) === canonical(part));
    return { part, node: at === -1 ? null : left.splice(at, 1)[0] };
  });
  const unknown = wanted.filter(({ node }) => node === null);
  // As many as are gone: they were changed where they stood.
  const isChanged = unknown.length === left.length;
  list.items = wanted.map(({ part, node }) =>
    node === null ? patched(document, isChanged ? left.shift() : undefined, part, true) : node,
  );
  return list;
}

/** A comment before the first entry belongs to that, not to the whole. */
function commentAtFirst(collection: YAMLMap | YAMLSeq): void {
  const [first] = collection.items;
  const entry = isPair(first) ? first.key : first;
  if (collection.commentBefore == null || collection.flow || !isNode(entry)) return;
  entry.commentBefore = [collection.commentBefore, entry.commentBefore].filter(Boolean).join("\n");
  collection.commentBefore = null;
}

function withCommentsOf(old: Node, fresh: Node): Node {
  fresh.commentBefore = old.commentBefore ?? null;
  fresh.comment = old.comment ?? null;
  if (old.spaceBefore === true) fresh.spaceBefore = true;
  return fresh;
}

const nameOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isObject(value) && !Array.isArray(value);

/** Key order says nothing. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
