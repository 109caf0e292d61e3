import { z } from "zod";

const text = z.string().min(1);
const port = z.number().int().min(1).max(65535);

const hop = z.strictObject({
  host: text,
  user: text.optional(),
  port: port.optional(),
  privateKeyFile: text.optional(),
  privateKey: text.optional(),
  passphrase: text.optional(),
  agent: z.union([text, z.literal(false)]).optional(),
  password: text.optional(),
  hostKey: text.optional(),
  knownHosts: text.optional(),
});

/** How to reach a machine: see `Connection` in sdk/ for what each part means. */
export const connectionSchema = z.union([
  text,
  z.strictObject({ root: text }),
  hop.extend({
    jump: z.union([text, hop]).optional(),
    sudoPassword: text.optional(),
    sshConfig: z.union([text, z.literal(false)]).optional(),
    connectTimeout: z.number().positive().max(600).optional(),
  }),
]);

export type Connection = z.infer<typeof connectionSchema>;

/** What a Guest adds: through which host it is reached, and of which VM it is the operating system. */
const guestSchema = z.strictObject({ via: connectionSchema.optional(), vm: text.optional() });

/** What an AcrnHost or a Guest says of its machine, and hands on to every resource on it. */
export const hostSettingsSchema = z.strictObject({
  connection: connectionSchema,
  scenario: z.strictObject({ import: text }).optional(),
  files: z.strictObject({ board: text.optional(), record: text.optional() }).optional(),
  scripts: z.array(text).optional(),
  onUnreachable: z.enum(["fail", "defer"]).optional(),
  guest: guestSchema.optional(),
});

const storedConnection = z.custom<Connection>((x) => typeof x === "string" || (typeof x === "object" && x !== null));

/** For settings out of a state, which an older or newer version may have written: unknown names are no mistake there. */
export const storedSettingsSchema: z.ZodType<HostSettings> = hostSettingsSchema
  .extend({ connection: storedConnection, guest: guestSchema.extend({ via: storedConnection.optional() }).optional() })
  .strip();

export type HostSettings = z.infer<typeof hostSettingsSchema>;

/** A name for the connection that holds no secret: for messages, and to tell two ways to one machine apart. */
export function addressOf(connection: Connection): string {
  if (typeof connection === "string") return connection;
  if ("root" in connection) return connection.root;
  const { user, host, port: p } = connection;
  return `${user ? `${user}@` : ""}${host}${p && p !== 22 ? `:${p}` : ""}`;
}
