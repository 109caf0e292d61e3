/** Runs one command through a jump host, says so, and does nothing to end itself. */
import { getTransport } from "../../../provider/host/ssh/pool";
import { run } from "./support";

run(getTransport(JSON.parse(process.argv[2] as string)), "echo x").then(
  ({ out }) => process.stdout.write(`done ${out}`),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
