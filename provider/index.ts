/**
 * What the serialised faces require (`require("pulumi-acrn/provider").corePartition.check(...)`). The state keeps that
 * text, and a delete or refresh of an old state calls it: these names and their six methods are a contract for ever.
 */
import { activationResource } from "./lifecycle/activation";
import { factsResource } from "./lifecycle/facts";
import { machineResource } from "./lifecycle/host";
import { resource } from "./lifecycle/resource";
import { cacheClosKind } from "./resources/cache-clos";
import { corePartitionKind } from "./resources/core-partition";
import { gpuFrequencyKind } from "./resources/gpu-frequency";
import { guestKernelTuningKind } from "./resources/guest-kernel-tuning";
import { hypervisorFeaturesKind } from "./resources/hypervisor-features";
import { hypervisorImageKind } from "./resources/hypervisor-image";
import { kindOf } from "./resources/kinds";
import { rtVmKind } from "./resources/rt-vm";

export const acrnHost = machineResource("AcrnHost", kindOf);
export const guest = machineResource("Guest", kindOf);
export const hostFacts = factsResource;
export const cacheClos = resource(cacheClosKind, kindOf);
export const corePartition = resource(corePartitionKind, kindOf);
export const gpuFrequency = resource(gpuFrequencyKind, kindOf);
export const guestKernelTuning = resource(guestKernelTuningKind, kindOf);
export const hypervisorFeatures = resource(hypervisorFeaturesKind, kindOf);
export const hypervisorImage = resource(hypervisorImageKind, kindOf);
export const rtVm = resource(rtVmKind, kindOf);
export const activation = activationResource(kindOf);
