import { z } from "zod";
import { type Connection, connectionSchema } from "./host-settings";

const seconds = z.number().int().positive().max(86_400);

/** A guest runs, so a folder is none. */
const guestConnection = connectionSchema
  .refine((to) => typeof to === "string" || !("root" in to), "a guest is reached over SSH")
  .transform((to) => to as Exclude<Connection, { root: string }>);

const shutdown = z.union(
  [
    z.strictObject({ ssh: guestConnection }),
    z.strictObject({ lifeMngr: z.literal(true) }),
    z.strictObject({ command: z.string().min(1) }),
  ],
  { error: 'give { ssh: "<address>" }, { lifeMngr: true } or { command: "<command on the host>" }' },
);

/** See `ActivationArgs` in sdk/activation.ts for what each means. */
export const activationSchema = z.strictObject({
  allow: z
    .array(z.enum(["rtvm-power-cycle", "host-reboot", "update-grub", "hypervisor-install", "guest-reboot"]))
    .default([]),
  guests: z.record(z.string().min(1), shutdown).default({}),
  limits: z
    .strictObject({ powerOff: seconds.default(120), launch: seconds.default(60), reboot: seconds.default(600) })
    .default({ powerOff: 120, launch: 60, reboot: 600 }),
});

export type ActivationArgs = z.infer<typeof activationSchema>;

/** How a guest is asked to power off. */
export type Shutdown = z.infer<typeof shutdown>;
