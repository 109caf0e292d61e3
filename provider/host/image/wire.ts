import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

/** Bytes as they cross the link behind their word: base64 of gzip, with what tells that they arrived whole. */
export function packed(bytes: Uint8Array): { size: number; sha: string; wire: string } {
  const wire = gzipSync(bytes)
    .toString("base64")
    .replace(/.{1,76}/g, "$&\n");
  return { size: bytes.length, sha: createHash("sha256").update(bytes).digest("hex"), wire };
}

/** `RT.sh`, and `RT.edited.sh` where a wrapper starts it; a name never leads out of the image's folder. */
export function checkScriptName(name: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_-]*(\.edited)?\.sh$/.test(name)) return name;
  throw new Error(`${name} is no launch script of a VM`);
}
