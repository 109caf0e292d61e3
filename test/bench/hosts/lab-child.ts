/** `lab-child.ts DIR NAME TREE`: serves one tree until stdin ends; prints the path of its ssh_config when it listens. */
import { startLab } from "../../../examples/lab/lab";

async function main(): Promise<void> {
  const [dir, name, tree] = process.argv.slice(2);
  if (dir === undefined || name === undefined || tree === undefined)
    throw new Error("usage: lab-child.ts DIR NAME TREE");
  const lab = await startLab({ dir, hosts: [{ name, dir: tree }] });
  console.log(lab.sshConfig);
  process.stdin.resume();
  await new Promise((settle) => process.stdin.once("end", settle));
  await lab.close();
  process.exit(0);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
