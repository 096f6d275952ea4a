/**
 * A number of 53 bits for the path of a source or target. A live run is too small for the paths themselves, and only asks
 * whether two are the same. The mixing is that of MurmurHash3, over two halves.
 */
export function pathId(path: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < path.length; at++) {
    const unit = path.charCodeAt(at);
    high = Math.imul(high ^ unit, 0x85ebca77);
    low = Math.imul(low ^ unit, 0xc2b2ae3d);
  }
  high = mixed(high) ^ mixed(low);
  low = mixed(low) ^ high;
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}

function mixed(half: number): number {
  let bits = half;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
