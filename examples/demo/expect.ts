import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import colors from "picocolors";
import { readEnvironment } from "../lab/server/physics/grub/environment";
import { snapshotTree, type Tree } from "../lab/tree";
import type { Ended } from "./shown";
import type { Stage } from "./stage";

export const SOURCE = "/var/lib/pulumi-acrn/scenario.xml";

/** What a VM's life changes until the next boot: processes, CPUs that were handed over, records. */
const RUNNING = /^(proc|run|sys)(\/|$)/;

/** GRUB's own record, which it writes itself when it boots something once: `next_entry=` stays there, empty. */
const GRUBENV = "boot/grub/grubenv";

/** How long processes that have been told to end (sessions of a closed connection) may take. */
const GRACE_MS = 5000;

export function treeOf(stage: Stage): Tree {
  return snapshotTree(stage.host.dir);
}

export function written(tree: Tree): Tree {
  return new Map([...tree].filter(([path]) => !RUNNING.test(path) && path !== GRUBENV));
}

export class Unexpected extends Error {}

export function succeeded({ status, text }: Ended): string {
  if (status !== 0) throw new Unexpected(`the command ended with status ${status}`);
  // Colours of a terminal (ECMA-48, SGR).
  return text.replace(/\x1b\[[0-9;]*m/g, "");
}

export function says(text: string, expected: string): void {
  if (!text.includes(expected)) throw new Unexpected(`its output should say: ${expected}`);
}

/** Says what holds, or throws with what does not. */
export function expect(claim: string, against: readonly unknown[]): void {
  if (against.length > 0) throw new Unexpected(`${claim}. But:\n  ${against.join("\n  ")}`);
  console.log(colors.green(`✓ ${claim}.`));
}

/** Read from the file itself, without the product's code. */
export function expectOn(stage: Stage, cpus: readonly number[]): void {
  const file = join(stage.host.dir, SOURCE);
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  const vm = text.split("<vm id=").find((part) => part.includes("<name>POST_RT_VM1</name>")) ?? "";
  const found = [...vm.matchAll(/<pcpu_id>(\d+)</g)].map((match) => match[1]).join(", ");
  const claim = `On the host POST_RT_VM1 is on pCPU ${cpus.join(", ")}`;
  expect(claim, found === cpus.join(", ") ? [] : [`it is on ${found || "none"}`]);
}

export function expectMemory(stage: Stage, memory: string): void {
  const found = stage.vm?.memory;
  expect(`POST_RT_VM1 runs with ${memory}`, found === memory ? [] : [`it has ${found ?? "no acrn-dm"}`]);
}

/** As the lab's GRUB and hypervisor tell it, not the product: what was booted, and the L3 ways that the VM's vCPUs have there. */
export function expectBooted(stage: Stage, image: "packaged" | "ours", mask: string): void {
  const { booted, vms } = stage.host.machine.state();
  const ours = booted?.image === undefined ? "packaged" : "ours";
  const masks = vms.find(({ name }) => name === "POST_RT_VM1")?.clos?.map((clos) => clos.masks["L3 0x0"]);
  const has = [...new Set(masks ?? ["no class"])].join(", ");
  const claim = `GRUB booted ${booted?.file}, and POST_RT_VM1 has ${mask} of the L3`;
  expect(claim, ours === image && has === mask ? [] : [`it booted ${booted?.file}, and the VM has ${has}`]);
}

export function expectNoOneShot(stage: Stage): void {
  const said = [...readEnvironment(join(stage.host.dir, GRUBENV))].filter(([, value]) => value !== "");
  expect(`Nothing is left in GRUB's own record (/${GRUBENV})`, said);
}

export async function until(condition: () => boolean, claim: string): Promise<void> {
  const end = Date.now() + GRACE_MS;
  while (!condition() && Date.now() < end) await new Promise((settle) => setTimeout(settle, 50));
  if (!condition()) throw new Unexpected(`after ${GRACE_MS / 1000} s it is not so that ${claim}`);
}

export function counted(tree: Tree): string {
  const count = (type: string) => [...tree.values()].filter((entry) => entry.type === type).length;
  return `${count("file")} files, ${count("link")} links, ${count("directory")} folders`;
}

export async function leftovers(stage: Stage): Promise<string[]> {
  const until = Date.now() + GRACE_MS;
  while (stage.processes().length > 0 && Date.now() < until) await new Promise((settle) => setTimeout(settle, 100));
  return stage.processes().map((pid) => `process ${pid} still runs`);
}
