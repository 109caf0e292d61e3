import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setRunning } from "../../provider/host/running";
import { readSnapshot } from "../../provider/host/snapshot";
import type { Target } from "../../provider/host/types";
import { needs, optional } from "../support/needs";
import { NOTHING, temporary } from "./helpers";

const PORTS = "/proc/sys/net/ipv4/ip_local_port_range";
const FORWARD = "/proc/sys/net/ipv4/ip_forward";

/** Sysctls of the network belong to a network namespace, which is gone with the command (network_namespaces(7)): in a folder, so that nothing else of this machine is looked at. */
const WORLD = 'mount --bind /proc/sys/net "$PULUMI_ACRN_ROOT/proc/sys/net" || exit 99; exec sh -c "$1"';

/** @param root with a shell of its own in `bin/sh` */
const inWorld = (root: string, command: string): [string, string[], { env: NodeJS.ProcessEnv }] => [
  "unshare",
  ["-mn", "sh", "-c", WORLD, "sh", command],
  { env: { PATH: `${root}/bin:${process.env.PATH}`, PULUMI_ACRN_ROOT: root } },
];

function targetIn(root: string): Target {
  const exec = (command: string) => {
    const child = spawn(...inWorld(root, command));
    const exit = new Promise<{ code: number | undefined }>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => resolve({ code: code ?? undefined }));
    });
    exit.catch(() => undefined);
    return Promise.resolve({ stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, exit });
  };
  return { elevation: { how: "none" }, transport: { label: "namespace", exec } };
}

const pathOf = (program: string): string | undefined =>
  (process.env.PATH ?? "")
    .split(":")
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));

for (const shell of ["dash", "bash", "busybox"])
  describe(`sysctls of a real kernel, with ${shell}`, function () {
    this.timeout(60_000);
    let root: string;
    let target: Target;
    before(function () {
      const path = pathOf(shell);
      needs(this, path, `no ${shell} on this machine`);
      root = temporary();
      for (const folder of ["bin", "proc/sys/net"]) mkdirSync(join(root, folder), { recursive: true });
      symlinkSync(path, join(root, "bin/sh"));
      const { status } = spawnSync(...inWorld(root, `[ -w ${PORTS} ] && [ -w ${FORWARD} ]`));
      optional(this, status === 0, "no network namespace with sysctls of its own can be had here");
      target = targetIn(root);
    });

    it("it prints tabs for blanks, and what it is told is taken", async () => {
      const values = [
        { path: PORTS, value: "20000 30000" },
        { path: FORWARD, value: "1" },
      ];
      assert.deepEqual(await setRunning(target, values), { untaken: [], words: [] });
    });

    it("a read has all of a value; what cannot be read is no text", async () => {
      const names = [
        "ipv4/ip_local_port_range",
        "ipv4/route/flush",
        "ipv4/none",
        "ipv4/conf",
        "ipv6/conf/all/stable_secret",
      ];
      const { texts } = await readSnapshot(target, { ...NOTHING, texts: names.map((name) => `proc/sys/net/${name}`) });
      const [ports, ...others] = names.map((name) => texts.get(`proc/sys/net/${name}`));
      assert.match(ports ?? "", /^\d{4,5}\t\d{5}$/);
      assert.deepEqual(others, [undefined, undefined, undefined, undefined]);
    });

    it("what it refuses is told, with what is there and its words", async () => {
      const { untaken, words } = await setRunning(target, [
        { path: PORTS, value: "20000 30000" },
        { path: PORTS, value: "30000 20000" },
        { path: FORWARD, value: "nonsense" },
        { path: "/proc/sys/net/ipv4/none", value: "1" },
      ]);
      assert.deepEqual(
        untaken.map(({ path, now }) => [path, now?.replace(/\s+/g, " ")]),
        [
          [PORTS, "20000 30000"],
          [FORWARD, "0"],
          ["/proc/sys/net/ipv4/none", undefined],
        ],
      );
      assert.equal(words.filter((text) => text.startsWith(`${PORTS} `) || text.startsWith(`${FORWARD} `)).length, 2);
      assert.ok(words.includes("/proc/sys/net/ipv4/none is not there"));
    });
  });
