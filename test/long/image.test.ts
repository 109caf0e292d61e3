import { powerCutSweep } from "../host/image/power-cut-sweep";

/** Every command of an image's acts, under every shell. */
powerCutSweep({ dash: 1, bash: 1, busybox: 1 });
