import type { Target } from "./target";
import { bags } from "./targets/bags";
import { clos } from "./targets/clos";
import { declared } from "./targets/declared";
import { folderTree } from "./targets/folder";
import { gpu } from "./targets/gpu";
import { framedRead, snapshot, transaction } from "./targets/host";
import { bootEntry, buildCheck, builtConfigs, grubCfg, manifest, promoted, wanted } from "./targets/image";
import { customCfg, kernelLine, kernelPlaces } from "./targets/kernel";
import { kernelMachine } from "./targets/kernel-machine";
import { launchEdit } from "./targets/launch-edit";
import { launchScript } from "./targets/launch-script";
import { ledger } from "./targets/ledger";
import { machine } from "./targets/machine";
import { rtMachine } from "./targets/rt-machine";
import { knownHosts, sshConfig } from "./targets/ssh";
import { guestTexts, sysctlFragment } from "./targets/tuning";
import { board, realBoard, realScenario, scenario } from "./targets/xml";

/** Everything that comes from outside. A new format is a row in one of the two; they take about the same time, because they run side by side. */
export const files: readonly Target[] = [
  ...[board, scenario, realBoard, realScenario, ledger, declared, rtMachine],
  ...[clos, bootEntry, builtConfigs, grubCfg, manifest, wanted, promoted, buildCheck, gpu],
  ...[guestTexts, sysctlFragment, kernelLine, kernelPlaces, kernelMachine, customCfg],
];

export const hosts: readonly Target[] = [
  ...[knownHosts, sshConfig, launchScript, launchEdit, framedRead, snapshot, transaction, machine, bags, folderTree],
];

export const targets: readonly Target[] = [...files, ...hosts];
