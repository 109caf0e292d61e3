import { draftOf } from "../../../provider/converge/draft";
import { factsFrom } from "../../../provider/converge/facts";
import type { HostFacts, Known } from "../../../provider/core/acrn/facts";
import { SOURCE_PATH } from "../../../provider/core/acrn/scenario-document";
import { LEDGER_PATH } from "../../../provider/core/claims/ledger";
import { formatCpuList } from "../../../provider/core/hardware/cpu-set";
import type { Cache } from "../../../provider/core/hardware/types";
import type { Snapshot } from "../../../provider/core/snapshot";
import type { HostSettings } from "../../../provider/resources/host-settings";

/** Facts need neither ledger nor source nor import: a broken one must not hide the host that somebody looks at because of it. */
export function factsAlone(snapshot: Snapshot, { scenario: _import, ...settings }: HostSettings): HostFacts {
  const files = new Map([...snapshot.files].filter(([path]) => path !== LEDGER_PATH && path !== SOURCE_PATH));
  return factsFrom(draftOf({ ...snapshot, files }, settings));
}

/** Facts for people, a label and a sentence each. */
export function factRows(facts: HostFacts): { label: string; text: string; known: boolean }[] {
  const row = <T>(label: string, fact: Known<T>, show: (value: T) => string) => ({
    label,
    text: fact.known ? show(fact.value) : `unknown: ${fact.why}`,
    known: fact.known,
  });
  const same = (text: string) => text;
  return [
    { label: "machine", text: facts.machine, known: true },
    row("ACRN", facts.acrnVersion, same),
    row("hypervisor", facts.hypervisor, (runs) => (runs ? "runs; this is its Service VM" : "does not run here")),
    row("board", facts.board, same),
    row("pCPUs", facts.pcpus, (pcpus) => formatCpuList(pcpus.map((pcpu) => pcpu.id))),
    row("cores", facts.cores, (cores) =>
      cores.map(({ type, pcpus }) => `${type === "unknown" ? "" : type}${formatCpuList(pcpus)}`).join(" "),
    ),
    row("caches", facts.caches, (caches) => caches.map(cacheText).join("; ") || "none"),
    row("dialect", facts.dialect, same),
    row("running VMs", facts.runningVms, (vms) => vms.join(", ") || "none"),
    row("built", facts.built, same),
  ];
}

function cacheText({ level, pcpus, ways, cat }: Cache): string {
  const division = cat ? `, CAT: ${cat.maskLength} ways, ${cat.closNumber} CLOS` : ways ? `, ${ways} ways` : "";
  return `L${level} of ${formatCpuList(pcpus)}${division}`;
}
