/** Several files in one input: `=== PATH` stands alone on a line before each. Mutations may hit that too. */
export function bundle(files: Readonly<Record<string, string | Uint8Array>>): Buffer {
  const parts = Object.entries(files).flatMap(([path, content]) => [
    Buffer.from(`=== ${path}\n`),
    Buffer.from(content as string),
    Buffer.from("\n"),
  ]);
  return Buffer.concat(parts);
}

export function unbundle(input: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const part of input
    .toString("latin1")
    .split(/(?:^|\n)=== /)
    .slice(1)) {
    const end = part.indexOf("\n");
    if (end > 0)
      files.set(
        Buffer.from(part.slice(0, end), "latin1").toString(),
        Buffer.from(part.slice(end + 1).replace(/\n$/, ""), "latin1"),
      );
  }
  return files;
}
