import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { startLab } from "../../examples/lab/lab";
import { Pool } from "../../provider/host/ssh/pool";
import { failure, run, until, useFolder, useLab } from "../host/ssh/support";
import { which } from "../host/ssh/which";
import { needs } from "../support/needs";

const ssh = promisify(execFile);

describe("lab server", () => {
  const lab = useLab(() => [
    { name: "cell-1" },
    { name: "cell-2", users: { acrn: { uid: 1234 } }, jump: "cell-1" },
    { name: "asks", users: { acrn: { password: "open sesame" } }, sudo: "password" },
    { name: "never", users: { acrn: { password: "open sesame" } }, sudo: "none" },
    { name: "noisy", banner: "Authorised use only\n", noise: "Welcome!\n" },
    { name: "stubbed", commands: { "update-grub": 'echo "generating $1"\n' } },
  ]);
  const on = (name: string, command: string, input = "") =>
    run(new Pool().transport(lab().connection(name)), command, input);

  describe("OpenSSH", () => {
    const call = (...args: string[]) => ssh("ssh", ["-F", lab().sshConfig, ...args]);
    before(function () {
      needs(this, which("ssh"), "no ssh");
    });

    it("reaches a host by the ssh_config", async () => {
      const { stdout } = await call("cell-1", "echo $PULUMI_ACRN_ROOT; id -u");
      assert.equal(stdout, `${lab().host("cell-1").dir}\n0\n`);
    });
    it("reaches a host through another", async () => {
      const { stdout } = await call("cell-2", "id -u; sudo -n id -u");
      assert.equal(stdout, "1234\n0\n");
    });
    it("gets exit codes and signals", async () => {
      await assert.rejects(call("cell-1", "exit 9"), { code: 9 });
      await assert.rejects(call("cell-1", "kill -9 $$"), { code: 255 });
    });
    it("refuses a host whose key changed", async () => {
      await lab().host("noisy").down();
      lab().host("noisy").faults.changeHostKey();
      await lab().host("noisy").up();
      await assert.rejects(call("noisy", "true"), /HOST IDENTIFICATION HAS CHANGED/);
    });
    it("may use the client key", () => {
      assert.equal(statSync(lab().privateKeyFile).mode & 0o777, 0o600);
    });
  });

  describe("sudo", () => {
    type Row = [
      name: string,
      host: string,
      command: string,
      input: string,
      expected: { out?: string; err?: RegExp; code: number },
    ];
    const rows: Row[] = [
      ["is not there where one logs in as root", "cell-1", "sudo -n true", "", { err: /not found/, code: 127 }],
      ["without password", "cell-2", "sudo -n id -u", "", { out: "0\n", code: 0 }],
      [
        "keeps arguments and environment",
        "cell-2",
        `sudo -n sh -c 'echo "$0|$1|$X"' "a b" c`,
        "",
        { out: "a b|c|\n", code: 0 },
      ],
      ["-n refuses to ask", "asks", "sudo -n id -u", "", { err: /^sudo: a password is required\n$/, code: 1 }],
      ["-S -n refuses too", "asks", "sudo -S -n id -u", "open sesame\n", { err: /a password is required/, code: 1 }],
      [
        "without -S it wants a terminal",
        "asks",
        "sudo id -u",
        "open sesame\n",
        { err: /a terminal is required/, code: 1 },
      ],
      [
        "-S takes the first line, the command the rest",
        "asks",
        "sudo -S -p '' sh -c 'id -u; cat'",
        "open sesame\nrest\nof it",
        { out: "0\nrest\nof it", err: /^$/, code: 0 },
      ],
      ["-p prompts on stderr", "asks", "sudo -S -p 'pw? ' true", "open sesame\n", { err: /^pw\? $/, code: 0 }],
      [
        "asks three times",
        "asks",
        "sudo -S -p '' true",
        "a\nb\nc\nd\n",
        { err: /^Sorry, try again\.\nSorry, try again\.\nsudo: 3 incorrect/, code: 1 },
      ],
      ["takes the second try", "asks", "sudo -S -p '' id -u", "a\nopen sesame\n", { out: "0\n", code: 0 }],
      ["ends when the input ends", "asks", "sudo -S -p '' id -u", "", { err: /no password was provided/, code: 1 }],
      [
        "tells who is not in the file",
        "never",
        "sudo -S -p '' id -u",
        "open sesame\n",
        { err: /acrn is not in the sudoers file/, code: 1 },
      ],
    ];
    for (const [name, host, command, input, expected] of rows) {
      it(name, async () => {
        const { out, err, exit } = await on(host, command, input);
        assert.deepEqual({ out, code: exit.code }, { out: expected.out ?? "", code: expected.code });
        if (expected.err) assert.match(err, expected.err);
      });
    }
    it("does not put its password into the environment", async () => {
      assert.doesNotMatch((await on("asks", "env; sudo -S -p '' env", "open sesame\n")).out, /sesame/);
    });
  });

  it("gives a command the environment of a login and nothing else", async () => {
    const { out } = await on("cell-2", "pwd; env | cut -d= -f1 | sort");
    const [cwd, ...names] = out.trim().split("\n");
    assert.equal(cwd, join(lab().host("cell-2").dir, "home/acrn"));
    const ours = names.filter((name) => !name.startsWith("PULUMI_ACRN_"));
    assert.deepEqual(ours, ["HOME", "LOGNAME", "PATH", "PWD", "SHELL", "USER"]);
  });

  it("prints noise before each command, and only there", async () => {
    assert.equal(
      (
        await run(
          new Pool().transport(lab().connection("noisy", { hostKey: lab().host("noisy").hostKeys[0] as string })),
          "echo x",
        )
      ).out,
      "Welcome!\nx\n",
    );
  });

  it("runs commands that the host was given", async () => {
    assert.equal((await on("stubbed", "update-grub now")).out, "generating now\n");
  });

  it("keeps a session open while a background process holds its output, as sshd does", async () => {
    const started = Date.now();
    const { out, exit } = await on("cell-1", "(sleep 0.4; echo late) & echo early; exit 5");
    assert.deepEqual([out, exit.code], ["early\nlate\n", 5]);
    assert.ok(Date.now() - started >= 400);
  });

  it("blocks a command whose output nobody reads", async () => {
    const marker = join(lab().host("cell-1").dir, "finished");
    const process = await new Pool()
      .transport(lab().connection("cell-1"))
      .exec(`head -c 30000000 /dev/zero; touch ${marker}`);
    await new Promise((settle) => setTimeout(settle, 300));
    assert.ok(!existsSync(marker), "30 MB went somewhere");
    process.stderr.resume();
    process.stdout.resume();
    await process.exit;
    assert.ok(existsSync(marker));
  });

  it("sends each output once, though both stall", async () => {
    const transport = new Pool().transport(lab().connection("cell-1"));
    const process = await transport.exec("head -c 4000000 /dev/zero; head -c 4000000 /dev/zero | tr '\\0' e >&2");
    const wait = () => new Promise((settle) => setTimeout(settle, 200)); // until the window is shut
    await wait();
    const out = buffer(process.stdout);
    await wait();
    const err = buffer(process.stderr);
    assert.deepEqual([(await out).length, (await err).length], [4_000_000, 4_000_000]);
  });

  it("closes the pipes of a command whose client left, and lets it run on", async () => {
    const marker = join(lab().host("cell-1").dir, "went-on");
    const transport = new Pool().transport(lab().connection("cell-1"));
    const process = await transport.exec(`echo ready; sleep 0.2; cat >/dev/null; touch ${marker}`);
    await once(process.stdout, "data");
    process.stdin.write(Buffer.alloc(10_000_000)); // more than fits anywhere: the command does not read yet
    await new Promise((settle) => setTimeout(settle, 50));
    lab().host("cell-1").drop();
    await failure(process.exit);
    await until(() => existsSync(marker), "the command sees the end of its input");
  });

  it("starts no delayed command once it has ended", async () => {
    const dir = join(lab().dir, "late");
    const own = await startLab({ dir, hosts: [{ name: "h", dir: join(dir, "tree"), delayMs: 150 }] });
    const process = await new Pool().transport(own.connection("h")).exec("touch started");
    await own.close();
    await failure(process.exit);
    await new Promise((settle) => setTimeout(settle, 250));
    assert.ok(!existsSync(join(dir, "tree/root/started")));
  });

  it("delays commands when told to", async () => {
    const host = lab().host("cell-1");
    host.faults.delayMs = 250;
    const started = Date.now();
    await on("cell-1", "true");
    host.faults.delayMs = 0;
    assert.ok(Date.now() - started >= 250);
  });

  describe("its end", () => {
    const folder = useFolder();

    it("ends every process, those in sessions of their own too", async function () {
      needs(this, which("setsid"), "no setsid");
      const dir = folder();
      const own = await startLab({ dir: join(dir, "lab"), hosts: [{ name: "h", dir: join(dir, "tree") }] });
      const transport = new Pool().transport(own.connection("h"));
      const detached = "setsid nohup sh -c 'sleep 300; true' >/dev/null 2>&1 </dev/null & echo ok";
      assert.equal((await run(transport, detached)).out, "ok\n");
      const running = await transport.exec("sleep 300");
      await until(() => own.processes().length >= 3, "three processes run");
      await own.close();
      assert.deepEqual(own.processes(), []);
      assert.equal((await failure(running.exit)).code, "ssh.lost");
    });

    it("leaves nothing in the tree but the home folder", async () => {
      const dir = folder();
      const own = await startLab({ dir: join(dir, "lab2"), hosts: [{ name: "h", dir: join(dir, "tree2") }] });
      await run(new Pool().transport(own.connection("h")), "true");
      await own.close();
      assert.deepEqual(readdirSync(join(dir, "tree2")), ["root"]);
    });

    it("says which port is taken, and leaves no host behind", async () => {
      const dir = folder();
      const { port } = lab().host("cell-1");
      const hosts = [
        { name: "free", dir: join(dir, "a") },
        { name: "taken", dir: join(dir, "b"), port },
      ];
      await assert.rejects(
        startLab({ dir: join(dir, "lab3"), hosts }),
        new RegExp(`Port ${port} for the lab host taken is taken`),
      );
    });

    it("keeps its keys when it starts again in the same folder", async () => {
      const dir = join(folder(), "kept");
      const hosts = [{ name: "h", dir: join(folder(), "tree4") }];
      const first = await startLab({ dir, hosts });
      const keys = [first.publicKey, first.host("h").hostKeys[0]];
      await first.close();
      const second = await startLab({ dir, hosts });
      await second.close();
      assert.deepEqual([second.publicKey, second.host("h").hostKeys[0]], keys);
      assert.match(readFileSync(second.sshConfig, "utf8"), /^Host h\n/);
    });
  });
});
