/**
 * Does `work` for every item, so many at a time: a try is mostly a shell that waits for its children. Ends at the first error, when what was
 * begun has ended, so that nothing writes into folders that are already being removed.
 */
export async function inLanes<T>(items: Iterable<T>, lanes: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (let next = rest.next(); !next.done && failures.length === 0; next = rest.next())
      await work(next.value).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failures.length > 0) throw failures[0];
}

/** As many as keep two cores busy. */
export const LANES = 4;
