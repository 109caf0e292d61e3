/** Runs one command through a jump host, says so, and does nothing to end itself: its connections stay for an hour. */
import { Pool } from "../../../provider/host/ssh/pool";
import { run } from "./support";

run(new Pool({ idleMs: 3_600_000 }).transport(JSON.parse(process.argv[2] as string)), "echo x").then(
  ({ out }) => process.stdout.write(`done ${out}`),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
