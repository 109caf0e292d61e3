/** Boards, scenarios and whole host trees from short specs, for the lab, the demo and the tests. */
export { buildBoard } from "./board";
export { type BoardLayout, layOut } from "./board-layout";
export { DEFAULT_PCI, pciOf } from "./board-pci";
export { type HostEntry, type HostFiles, hostFiles } from "./host-files";
export type * from "./host-spec";
export { writeHostTree } from "./host-tree";
export { apicIdsOf, type LaunchScriptFile, launchScripts } from "./launch-script";
export { buildScenario, vmName } from "./scenario";
export type * from "./spec";
