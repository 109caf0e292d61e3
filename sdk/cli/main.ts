#!/usr/bin/env node
import { processIo } from "./io";
import { run } from "./run";

run(process.argv.slice(2), processIo()).then(
  // The status goes out by hand: an idle SSH connection or an open stdin is no reason to wait.
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
