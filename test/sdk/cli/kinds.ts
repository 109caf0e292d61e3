import { z } from "zod";
import { affinityId } from "../../../provider/core/acrn/scenario-surface";
import type { ResourceKind } from "../../../provider/resources/kind";

const schema = z.strictObject({
  vm: z.string().default("POST_RT_VM1"),
  pcpus: z.array(z.number()).optional(),
  /** Other resources, as references; the first gives its pCPUs plus one. */
  of: z.array(z.unknown()).default([]),
  refuse: z.boolean().default(false),
});

/** A resource of which a machine may have many, and that takes others: what no kind of the product does yet. */
export const claimKind = {
  type: "Claim",
  schema,
  onePerMachine: false,
  outputs: ["next"],
  declare(_view, { vm, pcpus, of, refuse }) {
    const [other] = of as { next?: number[]; vm?: string }[];
    const value = pcpus ?? other?.next ?? [0];
    const no = { tip: "T", code: "test.refused", property: "vm", message: `${vm} is refused`, hint: "Do not." };
    return {
      wishes: [{ field: affinityId(vm), value }],
      outputs: { next: value.map((cpu) => cpu + 1) },
      warnings: [],
      refusals: refuse ? [no] : [],
      reasons: [`${vm} after ${other?.vm ?? "nobody"}`],
    };
  },
  pending: () => [],
  observe: () => ({}),
} satisfies ResourceKind<z.infer<typeof schema>> as unknown as ResourceKind;
