/** What a guest says of itself, or why nobody knows: a folder does not run, a file cannot be read. */
export type Fact<T> = { known: true; value: T; why?: string } | { known: false; why: string };

export function known<T>(value: T, why?: string): Fact<T> {
  return why === undefined ? { known: true, value } : { known: true, value, why };
}

export function unknown(why: string): { known: false; why: string } {
  return { known: false, why };
}
