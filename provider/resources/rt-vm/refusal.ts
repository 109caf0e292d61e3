import type { Refusal } from "../../core/plan/types";

/** A rule of an RtVm that says no. */
export const refusal = (code: string, property: string, tip: string, message: string, hint: string): Refusal => ({
  tip,
  code: `rtvm.${code}`,
  property,
  message,
  hint,
});

/** Of a VM that its CorePartition does not name. */
export const noPcpus = (vm: string): Refusal =>
  refusal(
    "partition",
    "partition",
    "T15",
    `the partition has no pCPUs for ${vm}`,
    `Add it to the CorePartition: \`vms: { ${vm}: [2, 3] }\`.`,
  );
