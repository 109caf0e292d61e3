import assert from "node:assert/strict";
import { planActivation } from "../../../provider/converge/activate/plan";
import { draftOf } from "../../../provider/converge/draft";
import { planResource, planWithdrawal } from "../../../provider/converge/plan-resource";
import { LEDGER_PATH } from "../../../provider/core/claims/ledger";
import { isEmpty } from "../../../provider/core/plan/types";
import { activationSchema } from "../../../provider/resources/activation";
import { kindOf } from "../../../provider/resources/kinds";
import { rtVmKind } from "../../../provider/resources/rt-vm";
import { bundle, unbundle } from "../bundle";
import { mutated } from "../mutate";
import { type Json, mutatedJson } from "../mutate-json";
import { ELEMENTS } from "../mutate-xml";
import type { Random } from "../random";
import { words } from "../seeds";
import { Refused, type Target } from "../target";
import { type Files, VM } from "./machine-seeds";
import { applied, shown, snapshotOf } from "./machine-snapshot";
import { HOME, PROGRAMS, rtMachines } from "./rt-machine-seeds";

/** What a live machine answers beside its files: an acrn-dm, what started it, what was handed over, the traces of launches. */
const TEXTS: Files = {
  "text:acrn-dm": "41",
  "text:proc/41/cmdline": `acrn-dm\0--cpu_affinity\0${4},6\0-m\x001024M\0--rtvm\0--lapic_pt\0${VM}`,
  "text:proc/41/parent": `bash ${HOME}`,
  "text:proc/stat": "cpu 1 2\nbtime 1700000000\n",
  "text:proc/cpuinfo": "processor : 0\napicid : 0\nprocessor : 1\napicid : 2\n",
  "text:sys/devices/system/cpu/offline": "2-3\n",
  "text:run/acrn/mngr": `${VM}.monitor.41.socket`,
  "text:dev/acrn_hsm": "present",
  [`/run/pulumi-acrn/vms/${VM}`]: "started b 41\n",
  [`/var/lib/pulumi-acrn/cycling/${VM}`]: "",
};

/** Of a VM that is off, so that the other half of the rules is asked. */
const OFF = ["text:proc/41/cmdline", "text:proc/41/parent", "text:acrn-dm", "text:run/acrn/mngr"];

const WORDS = words(
  `${HOME} ${VM} PRE_RT NEW_RT OTHER acrn-dm exec bash launch= script= vm= started ended b 0 1 41 -m 2G --rtvm --cpu_affinity 4,6 1-3 , ` +
    'id-dev "claims" whole arg[-m] file[/x.sh] file[/etc/passwd] "previous":"x" "applied":null export GRUB_ACRN_MOD_CMDLINE_x= "',
);

const VALUES: Json[] = [
  ...["#!/bin/bash\nacrn-dm X\n", "", "\0", "2048M", true, null, [3], 3, { a: 1 }, "[{}]", "file[/root/x.sh] whole"],
  ...["file[/root/acrn-work/rt.sh] arg[-m]", "file[/etc/../x] whole", "file[] whole", "arg[-m]", "file[/x.sh] arg[]"],
  JSON.stringify([{ words: "-m 1G", gap: " ", side: "next", comment: false, literals: [], beside: ["--rtvm"] }]),
];

/** One file of a machine mutated with the tools of its format; the others stay whole. */
function make(random: Random): Buffer {
  const { program, files: seed } = random.pick(rtMachines());
  const texts = { ...TEXTS };
  if (random.oneIn(3)) for (const name of OFF) delete texts[name];
  const files: Files = { ...seed, ...texts };
  const path = LEDGER_PATH in files && random.oneIn(2) ? LEDGER_PATH : random.pick(Object.keys(files));
  const text = Buffer.from(files[path] as string);
  const other =
    path === LEDGER_PATH && !random.oneIn(4)
      ? mutatedJson(random, JSON.parse(text.toString()) as Json, VALUES)
      : mutated(random, { seeds: [text], words: WORDS, ...(path.endsWith(".xml") ? { changes: ELEMENTS } : {}) });
  return bundle({ "text:program": String(program), ...files, [path]: other });
}

const ALLOWED = activationSchema.parse({
  allow: ["rtvm-power-cycle", "host-reboot", "update-grub"],
  guests: { [VM]: { command: "poweroff" } },
});

/** A whole machine with a real-time VM: the plan, what would be activated before and after it, and what a destroy gives back. */
export const rtMachine: Target = {
  name: "machine with an RtVm",
  runs: 600,
  make,
  run: (input) => {
    const files = unbundle(input);
    const { args } = PROGRAMS[Number(files.get("text:program") ?? 0)] ?? PROGRAMS[0] ?? { args: undefined };
    assert.ok(args);
    const snapshot = snapshotOf(files);
    const settings = { connection: { root: "fuzz" } };
    const draft = draftOf(snapshot, settings);
    const given = shown(planWithdrawal(draft, Object.values(draft.ledger.owners), kindOf));
    const activation = planActivation(draft, ALLOWED, kindOf);
    const who = { stack: "dev", kind: rtVmKind.type, urns: ["urn:dev::rt"] };
    const planned = planResource(draft, rtVmKind, who, args);
    if (planned.refusals.length > 0) return new Refused(planned.refusals[0]?.code ?? "");
    const after = draftOf(applied(snapshot, planned), settings);
    const again = planResource(after, rtVmKind, who, args);
    assert.ok(isEmpty(again.plan), `apply, then plan again is empty, but: ${again.lines.join("; ")}`);
    return [given, activation, shown(planned), planActivation(after, ALLOWED, kindOf)];
  },
};
