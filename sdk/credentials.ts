import * as pulumi from "@pulumi/pulumi";

/** Of a connection (connection.ts), at whatever depth: a jump host and a guest have theirs. */
const CREDENTIALS: ReadonlySet<string> = new Set(["password", "passphrase", "privateKey", "sudoPassword"]);

/**
 * The same arguments with every credential in them a secret, so that one that a program gives in plain text does not stand in the state. What is
 * known only later is a secret as a whole where it holds one.
 */
export function hideCredentials<T>(value: T): T {
  return hidden(value) as T;
}

function hidden(value: unknown): unknown {
  const later = pulumi.Output.isInstance(value) || value instanceof Promise;
  if (later) return (pulumi.output(value) as pulumi.Output<unknown>).apply(asAWhole);
  if (Array.isArray(value)) return value.map(hidden);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, isOne(key, each) ? pulumi.secret(each) : hidden(each)]),
  );
}

const asAWhole = (known: unknown): unknown => (holdsOne(known) ? pulumi.secret(known) : known);

function isOne(key: string, value: unknown): boolean {
  return CREDENTIALS.has(key) && value !== undefined && value !== null;
}

function holdsOne(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, each]) => isOne(key, each) || holdsOne(each));
}
