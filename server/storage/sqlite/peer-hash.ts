/**
 * A number for the bare part of an address, which stands for it in the index of the archive: three bytes instead of thirty.
 * FNV-1a over its UTF-16 units, 24 bits; two that collide are told apart by the address itself.
 */
export function peerHash(address: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < address.length; i += 1) {
    const unit = address.charCodeAt(i);
    if (unit === 0x2f) break;
    hash = Math.imul(hash ^ unit, 0x01000193);
  }
  return hash >>> 8;
}
