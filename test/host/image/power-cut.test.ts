import { powerCutSweep } from "./power-cut-sweep";

/** Samples of what `test/long` sweeps whole; the shells differ in nothing that this is about. */
powerCutSweep({ dash: 7, busybox: 29 });
