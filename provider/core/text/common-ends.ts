/** Compared at once, as long as they are the same: whole words for one step of ours. */
const STRIDES = [1024, 32, 1];

/** How many characters two texts have in common at the start, and how many of the rest at the end. */
export function commonEnds(a: string, b: string): { start: number; end: number } {
  const most = Math.min(a.length, b.length);
  let start = 0;
  for (const stride of STRIDES)
    while (start + stride <= most && a.startsWith(b.slice(start, start + stride), start)) start += stride;
  let end = 0;
  const before = (length: number, stride: number) => b.slice(b.length - length - stride, b.length - length);
  for (const stride of STRIDES)
    while (start + end + stride <= most && a.startsWith(before(end, stride), a.length - end - stride)) end += stride;
  return { start, end };
}
