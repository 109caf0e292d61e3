import { z } from "zod";

const text = z.string().min(1);
const cpus = z.array(z.number().int().min(0));
const bdf = z.string().regex(/^[0-9a-f]{2}:[01][0-9a-f]\.[0-7]$/, "a BDF as lspci shows it, lower-case: 02:00.0");
/** One word of acrn-dm's comma-separated lists: a comma or a blank in it would begin the next. */
const word = z.string().regex(/^[^,\s]+$/, "without comma or blank");
const tap = z.string().regex(/^[A-Za-z0-9_-]{1,15}$/, "1 to 15 letters, digits, _ and -");

const virtio = z.strictObject({
  block: z.array(z.union([word, z.strictObject({ path: word, partition: word })])).optional(),
  network: z.array(z.strictObject({ tap, vhost: z.boolean().default(false), mac: word.optional() })).optional(),
  console: z.array(text).optional(),
  input: z.array(z.strictObject({ device: word, id: word.optional() })).optional(),
  vsock: z.number().int().min(3).max(4294967294).optional(),
});

const path = z.string().startsWith("/", "an absolute path on the host");

const loader = z.union(
  [
    z.literal("ovmf"),
    z.strictObject({ ovmf: path, vars: path.optional() }),
    z.strictObject({ kernel: path, args: z.string(), ramdisk: path.optional() }),
  ],
  { error: 'give "ovmf", { ovmf: "<file>" } or { kernel: "<file>", args: "..." }' },
);

/** See `RtVmArgs` in sdk/rt-vm.ts for what each means. */
export const rtVmSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,14}$/, {
    error: ({ input }) =>
      String(input).startsWith("#")
        ? "a VM without a name: give it one in the scenario (`<name>RT</name>` in its <vm>), and name it here"
        : "1 to 15 letters, digits, _ and -, starting with a letter",
  }),
  partition: z.looseObject({
    pcpus: z.record(z.string(), cpus),
    apicIds: z.record(z.string(), cpus).optional(),
  }),
  load: z.enum(["post-launched", "pre-launched"]).default("post-launched"),
  bootArgs: z.string().max(2047, "at most 2047 characters (MAX_BOOTARGS_SIZE of the hypervisor)").optional(),
  memory: z
    .string()
    .regex(/^\d{1,9}[kmgKMG]$/, "a size with its unit: 1024M, 2G (acrn-dm rejects a bare number)")
    .optional(),
  lapicPassthrough: z.boolean().default(true),
  virtioPoll: z.number().int().min(0).max(10_000_000).optional(),
  virtio: virtio.optional(),
  passthrough: z.array(z.union([bdf, z.strictObject({ bdf, options: text.optional() })])).optional(),
  loader: loader.optional(),
  dmArgs: z.array(z.string()).default([]),
  script: z
    .union([z.strictObject({ owned: path }), z.strictObject({ edited: path })], {
      error: 'give { owned: "<path>" } (written whole by us) or { edited: "<path>" } (an existing script)',
    })
    .optional(),
  autostart: z.boolean().optional(),
});

export type RtVmArgs = z.infer<typeof rtVmSchema>;

/** Our own place for what starts a VM. */
export const ownLauncher = (vm: string): string => `/var/lib/pulumi-acrn/launch/${vm}.sh`;

/** Where an owned script lies unless the program says otherwise. */
export function scriptOf({ name, script }: RtVmArgs): { path: string; owned: boolean } {
  if (script && "edited" in script) return { path: script.edited, owned: false };
  return { path: script?.owned ?? ownLauncher(name), owned: true };
}

/**
 * What starts the VM: an owned script itself; around one that is edited a wrapper of ours, which gives it a unit of its own and keeps the record of
 * its end.
 */
export function launcherOf(args: RtVmArgs): string {
  const { path, owned } = scriptOf(args);
  return owned ? path : ownLauncher(args.name);
}

/** What waits for the next image, and the edited script behind it. */
export const waitingPath = (vm: string): string => `/var/lib/pulumi-acrn/images/next/${vm}.sh`;
export const waitingEdit = (vm: string): string => `/var/lib/pulumi-acrn/images/next/${vm}.edited.sh`;

/** Where the kernel arguments of a pre-launched VM lie: read by update-grub after the packages' own acrn.cfg. */
export const grubPath = (vm: string): string => `/etc/default/grub.d/pulumi-acrn-${vm}.cfg`;
