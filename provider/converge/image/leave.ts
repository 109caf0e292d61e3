import { type Evidence, evidenceOfDefault } from "../../core/acrn/evidence";
import { PROMOTED_PATH } from "../../core/acrn/image/paths";
import { type Allowed, allowedBy, takes } from "../../core/acrn/rt-vm/allowed";
import { vmOfField } from "../../core/acrn/scenario-surface";
import type { Ledger } from "../../core/claims/types";
import { AcrnError } from "../../core/errors";
import { formatCpuList } from "../../core/hardware/cpu-set";
import { scriptsOf } from "../activate/scripts";
import type { Said } from "../around";
import type { Draft } from "../draft";
import type { DeclaredHere } from "../final";

/**
 * Without images of ours the packaged one boots next: real-time VMs that stay have to fit that. A destroy takes the image away before them, and nobody tells it
 * from the delete of the image alone; only what this very run declares is sure to stay.
 */
export function stranded(draft: Draft, stays: Ledger, declared: readonly DeclaredHere[]): Said[] {
  if (draft.snapshot.kind === "folder") return [];
  const packaged = packagedEvidence(draft);
  const found = realtimeVms(stays).flatMap((vm) => troubleOf(draft, vm, allowedBy(vm, packaged, draft.snapshot)));
  const sure = found.filter(({ vm }) => declares(declared, vm));
  const [first] = sure.filter(({ fits }) => fits === false);
  if (first)
    throw new AcrnError("image.stranded", sure.map(({ said }) => said).join("\n"), {
      hint:
        `Nothing was given back. Leave the HypervisorImage in the program until its CorePartition has pCPUs for ${first.vm} that the packaged image has, too, ` +
        "and an Activation has booted the image of that; or take RtVm and CorePartition out with it.",
    });
  return [
    ...sure.map(({ said }): Said => ({ text: said, how: "warning" })),
    ...found
      .filter(({ vm, fits }) => fits === false && !declares(declared, vm))
      .map(({ said }): Said => ({ text: `${said}${IF_IT_STAYS}`, how: "info" })),
  ];
}

const IF_IT_STAYS =
  ". If its RtVm stays, it does not start after the next boot: the next up makes its launch script fit";

/** As if nothing of ours had been promoted. */
function packagedEvidence({ evidence, snapshot }: Draft): Evidence {
  const files = new Map([...snapshot.files].filter(([path]) => path !== PROMOTED_PATH));
  return evidenceOfDefault(evidence, { ...snapshot, files });
}

interface Trouble {
  vm: string;
  /** Undefined: nobody can tell. */
  fits: false | undefined;
  said: string;
}

function troubleOf(draft: Draft, vm: string, allowed: Allowed): Trouble[] {
  const { launcher, pcpus, entry } = scriptsOf(draft, vm);
  // a pre-launched one has none: the hypervisor starts what it was built with
  if (launcher === undefined && entry === undefined) return [];
  const asked = pcpus ?? entry?.pcpus;
  const fits = asked && takes(allowed, asked);
  if (fits) return [];
  const on = asked === undefined ? "" : ` on pCPU ${formatCpuList(asked)}`;
  if (fits === false) return [{ vm, fits, said: `${vm} is launched${on}, and ${allowed.why}, which boots next` }];
  const why = asked === undefined ? "its launch script does not say which pCPUs it asks for" : allowed.why;
  return [
    {
      vm,
      fits: undefined,
      said: `whether the packaged image, which boots next, starts ${vm}${on} cannot be told: ${why}`,
    },
  ];
}

/** VMs that an RtVm holds. */
function realtimeVms({ fields, owners }: Ledger): string[] {
  const names = Object.entries(fields).flatMap(([field, { claims }]) => {
    const vm = vmOfField(field)?.vm;
    return vm !== undefined && Object.keys(claims).some((id) => owners[id]?.kind === "RtVm") ? [vm] : [];
  });
  return [...new Set(names)].sort();
}

function declares(declared: readonly DeclaredHere[], vm: string): boolean {
  return declared.some(({ kind, args }) => kind.type === "RtVm" && (args as { name?: unknown }).name === vm);
}
