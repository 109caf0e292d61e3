/**
 * Works some items ahead of the one that is asked for: a row waits for servers most of its time.
 * @param most how many are under way at once
 */
export function ahead<T>(
  count: number,
  most: number,
  work: (index: number) => Promise<T>,
): { result(index: number): Promise<T> } {
  const started = new Map<number, Promise<T>>();
  const start = (index: number): void => {
    if (index >= count || started.has(index)) return;
    const promise = work(index);
    promise.catch(() => {}); // told when it is asked for
    started.set(index, promise);
  };
  return {
    result(index) {
      for (let next = index; next < index + most; next++) start(next);
      return started.get(index) as Promise<T>;
    },
  };
}
