import { pollingRules } from "../../core/acrn/rt-vm/devices";
import { mebibytes } from "../../core/acrn/rt-vm/memory";
import type { Refusal } from "../../core/plan/types";
import type { Parts } from "./parts";
import { refusal } from "./refusal";
import { scriptOf } from "./schema";

/** What a script that somebody else wrote says beside what we change in it. */
export function editedRules(parts: Parts): Refusal[] {
  const { args, wish, launched, config } = parts;
  const { path } = scriptOf(args);
  const value = (name: string) => launched.arguments.find((each) => each.name === name);
  const out: Refusal[] = [];
  if (launched.vm !== undefined && launched.vm !== args.name)
    out.push(
      refusal(
        "script-vm",
        "script.edited",
        "T01",
        `${path} starts ${launched.vm}, not ${args.name}`,
        "Name the script of this VM.",
      ),
    );
  if (launched.nameless !== undefined)
    out.push(
      refusal(
        "script-vm",
        "script.edited",
        "T01",
        `${path}:${launched.nameless} gives acrn-dm no VM name, so it starts nothing`,
        `Write ${args.name} behind the arguments.`,
      ),
    );
  const memory = value("-m");
  if (memory && typeof memory.value === "string" && mebibytes(memory.value) === undefined)
    out.push(
      refusal(
        "memory",
        "memory",
        "memory",
        `${path}:${memory.line} has -m ${memory.value}, without a unit: acrn-dm rejects it`,
        'Declare it: `memory: "1024M"`.',
      ),
    );
  const virtio = launched.arguments.some(
    ({ value: v }) => typeof v === "string" && /^(?:\d+(?::\d+)*,)?virtio-/.test(v),
  );
  if (virtio && !value("--virtio_poll")) out.push(...pollingRules(wish, [{ kind: "block", path: "" }], undefined));
  const type = /^[ \t]*vm_type=['"]?(\w+)/m.exec(parts.script.text)?.[1];
  if (config.dialect === "3.x" && type !== undefined && type !== "RTVM")
    out.push(
      refusal(
        "script-type",
        "script.edited",
        "T15",
        `${path} says vm_type='${type}': its add_cpus takes no CPU from the Service VM`,
        "Write vm_type='RTVM' there, or let the script be written: `script: { owned: ... }`.",
      ),
    );
  if (config.dialect === "3.x" && value("--lapic_pt") && !value("--rtvm"))
    out.push(
      refusal(
        "lapic",
        "script.edited",
        "T01",
        `${path} has --lapic_pt without --rtvm: ACRN 3.x ignores it`,
        "Add --rtvm.",
      ),
    );
  return out;
}
