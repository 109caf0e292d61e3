import { readFileSync, statSync } from "node:fs";
import type { Readable } from "node:stream";
import { AcrnError } from "../../../provider/core/errors";
import { decodeUtf8 } from "../../../provider/core/text/utf8";

/** Far above any declaration; what is larger is the wrong file. */
const LIMIT = 1024 * 1024;

export interface DeclaredText {
  text: string;
  /** For messages. */
  file: string;
}

/** A file, or stdin for `-`. */
export async function readDeclared(path: string, stdin: Readable): Promise<DeclaredText> {
  const file = path === "-" ? "(stdin)" : path;
  const bytes = path === "-" ? await drained(stdin) : fromFile(path);
  if (bytes.length > LIMIT) throw tooLarge(file);
  return { text: decodeUtf8(bytes, file), file };
}

async function drained(stdin: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size > LIMIT) break;
  }
  return Buffer.concat(chunks);
}

function fromFile(path: string): Buffer {
  try {
    if (statSync(path).size > LIMIT) throw tooLarge(path);
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof AcrnError) throw cause;
    throw new AcrnError("declared.missing", `the declaration cannot be read: ${(cause as Error).message}`, {
      hint: "Give a JSON or YAML file, or - for stdin.",
      cause,
    });
  }
}

function tooLarge(file: string): AcrnError {
  return new AcrnError("declared.size", `${file} is larger than a declaration can be (1 MiB)`, {
    hint: "Give the file that names the resources, not a board or scenario file.",
  });
}
