/** As much as one read brings. */
const blockBytes = 32 * 1024;
/** Less than this is copied as usual: a block for each of thousands of strangers who say a word would be too much. */
const leastBytes = 4 * 1024;
/** Blocks that wait to be used again, 2 MiB of them. */
const maxSpare = 64;

const spare: ArrayBufferLike[] = [];
const lent = new WeakSet<ArrayBufferLike>();

/**
 * Copies bytes that cannot be dealt with yet, behind those that were kept before; these are given back. The copies lie in
 * blocks that are used again and again: in a flood each would be garbage outside the heap, some 50 MB of it between two
 * collections, and what the allocator had for these was not given back to the system afterwards.
 */
export function keepBytes(before: Buffer | null, more: Buffer): Buffer {
  const length = (before?.length ?? 0) + more.length;
  if (length < leastBytes || length > blockBytes) {
    const joined = before === null ? Buffer.from(more) : Buffer.concat([before, more]);
    giveBack(before);
    return joined;
  }
  const block = spare.pop() ?? Buffer.allocUnsafeSlow(blockBytes).buffer;
  lent.add(block);
  const kept = Buffer.from(block, 0, length);
  before?.copy(kept);
  more.copy(kept, before?.length ?? 0);
  giveBack(before);
  return kept;
}

/** The bytes, and every part of them, are not looked at any more. Answers with what is kept then. */
export function giveBack(kept: Buffer | null): null {
  if (kept !== null && lent.delete(kept.buffer) && spare.length < maxSpare) spare.push(kept.buffer);
  return null;
}
