import type { LabHostSpec } from "./types";

/** What to do when a port that was asked for is in use. */
export function taken({ port, name }: LabHostSpec, error: NodeJS.ErrnoException): Error {
  if (error.code !== "EADDRINUSE") return error;
  return new Error(
    `Port ${port} for the lab host ${name} is taken: another lab may be running. ` +
      "End it, or choose other ports (npm run lab -- --port 3201).",
    { cause: error },
  );
}
