import assert from "node:assert/strict";
import { launchSurface } from "../../../../provider/core/acrn/launch-script";
import type { FieldValue } from "../../../../provider/core/claims/types";

const FILE = "/root/rt.sh";

export interface Row {
  name: string;
  script: string;
  /** `-m`, `-s 3` */
  key: string;
  /** Undefined: absent. */
  is?: FieldValue;
  /** What is written, and the text that the script has in place of other text afterwards. */
  value?: FieldValue;
  was?: string;
  becomes?: string;
}

/** Read; written to exactly this text; written again without effect; given back byte for byte. */
export function checkRow({ script, key, is, value, was, becomes }: Row): void {
  const field = `arg[${key}]`;
  const reading = launchSurface.read(script, FILE, field);
  assert.deepEqual(reading.kind === "value" ? reading.value : reading, is ?? { kind: "absent" });
  if (was === undefined || becomes === undefined || value === undefined) return;
  const next = launchSurface.write(script, FILE, field, value);
  assert.equal(script.split(was).length, 2, "the row's own text stands there once");
  assert.equal(
    next,
    script.replace(was, () => becomes),
  );
  assert.equal(launchSurface.write(next, FILE, field, value), next);
  const raw = reading.kind === "value" ? reading.raw : undefined;
  assert.equal(launchSurface.restore(next, FILE, field, raw), script);
  assert.ok(launchSurface.takes(field, value, raw));
}
