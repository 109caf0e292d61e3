import { find, type XmlElement } from "../../xml";
import { openScenario } from "../scenario/open";
import { between, known, showVersions, type Version } from "./versions";

/** The releases that a scenario can be for, and by what that was told. */
export interface Told {
  versions: readonly Version[];
  /** For messages: `hv/FEATURES/MCE_ON_PSC_ENABLED is of 3.1 and later`. */
  evidence: readonly string[];
}

/** An element that some releases alone have [misc/config_tools/schema/config.xsd of v2.4 to 3.4-dev, compared; reference 2.2]. */
const TELLING: readonly [path: string, since: Version, until?: Version][] = [
  ["hv/FEATURES/ENFORCE_TURNOFF_AC", "2.4", "3.0"],
  ["hv/FEATURES/ENFORCE_TURNOFF_GP", "2.6", "3.0"],
  ["hv/FEATURES/SECURITY_VM_FIXUP", "2.6"],
  ["hv/FEATURES/RDT/VCAT_ENABLED", "2.7"],
  ["hv/FEATURES/MCE_ON_PSC_DISABLED", "2.0", "3.0"],
  ["hv/FEATURES/KEEP_IRQ_DISABLED", "3.0"],
  ["hv/FEATURES/MCE_ON_PSC_ENABLED", "3.1"],
  ["hv/FEATURES/SPLIT_LOCK_DETECTION_ENABLED", "3.1"],
  ["hv/FEATURES/UC_LOCK_DETECTION_ENABLED", "3.1"],
  ["hv/FEATURES/CPU_PERFORMANCE_POLICY", "3.2"],
  ["vm/own_pcpu", "3.2"],
  ["hv/FEATURES/SERVICE_VM_SUPERVISOR_ENABLED", "3.3"],
  ["hv/FEATURES/VUART_RX_BUF_SIZE", "3.3"],
  ["hv/FEATURES/VUART_TIMER_PCPU", "3.3"],
  ["vm/bvt_weight", "3.3"],
  ["vm/customized_parameters", "3.3"],
  ["vm/virtual_thermal_monitor", "3.3"],
];

/** What the scenario itself tells; no release at all where its elements contradict each other. */
export function toldByScenario(text: string, file: string): Told {
  const { doc, dialect, vms } = openScenario(text, file);
  const has = (path: string): boolean =>
    path.startsWith("vm/") ? vms.some(({ element }) => below(element, path)) : find(doc.root, path) !== undefined;
  const found = TELLING.filter(([path]) => has(path));
  const start = dialect === "2.x" ? between("2.0", "2.7") : between("3.0");
  const versions = found.reduce<readonly Version[]>((left, [, since, until]) => {
    const own = between(since, until);
    return left.filter((each) => own.includes(each));
  }, start);
  const evidence = found
    .map(([path, since, until]) => ({ path, of: start.filter((each) => between(since, until).includes(each)) }))
    .filter(({ of }) => of.length < start.length)
    .map(({ path, of }) => `${path} is of ${showVersions(of)}`);
  return { versions, evidence: evidence.length > 0 ? evidence : [`it is a ${dialect} scenario`] };
}

/**
 * The releases that the next image can be built from: what is declared; else what the installed image is of, as long as the scenario
 * can be for it (it may be for a release that is yet to be installed); else what the scenario tells.
 */
export function toldVersions(scenario: Told, installed: string | undefined, declared: string | undefined): Told {
  const own = declared === undefined ? undefined : known(declared);
  if (declared !== undefined) return { versions: own ? [own] : [], evidence: [`acrnVersion is ${declared}`] };
  const image = installed === undefined ? undefined : known(installed);
  if (image === undefined || !scenario.versions.includes(image)) return scenario;
  return { versions: [image], evidence: [...scenario.evidence, `the installed image is of ${installed}`] };
}

function below(vm: XmlElement, path: string): boolean {
  return vm.children.some(({ name }) => `vm/${name}` === path);
}
