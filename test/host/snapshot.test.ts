import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AcrnError } from "../../provider/core/errors";
import { machineKey, textOf } from "../../provider/core/snapshot";
import { folderTarget } from "../../provider/host/folder";
import { launch } from "../../provider/host/launch";
import { readScript } from "../../provider/host/scripts/main";
import { readSnapshot } from "../../provider/host/snapshot";
import type { Target } from "../../provider/host/types";
import { needs, optional } from "../support/needs";
import { listing, NOTHING, sha256, shells, tree } from "./helpers";

const ID = "0123456789abcdef0123456789abcdef";

/** A Debian-packaged target (acrn-reference.md 1.1): board and record are absolute links. */
const HOST: Record<string, string> = {
  "etc/machine-id": `${ID}\n`,
  "usr/share/acrn/board.xml": "-> /usr/lib/x86_64-linux-gnu/acrn/nuc/board.xml",
  "usr/share/acrn/scenario.xml": "-> /usr/lib/x86_64-linux-gnu/acrn/nuc/shared/scenario.xml",
  "usr/lib/x86_64-linux-gnu/acrn/nuc/board.xml": "<acrn-config/>",
  "usr/lib/x86_64-linux-gnu/acrn/nuc/shared/scenario.xml": "<acrn-config/>\r\n",
  "usr/lib/x86_64-linux-gnu/acrn/nuc/shared/acrn.nuc.shared.bin": "image",
  "boot/acrn-3.4.bin": "image",
  "boot/acrn-3.4.config": "CONFIG_BOARD=nuc\n",
  "usr/share/acrn/launch-scripts/nuc/shared/launch_user_vm_id1.sh @755": "#!/bin/bash\n",
  "usr/share/acrn/conf/add/POST_RT_VM1.sh": "-> /root/acrn-work/a b.sh",
  "root/acrn-work/a b.sh": "x",
  "home/alice/acrn-work/l.sh": "y",
  "root/my-launch-rt.sh": "z",
  "etc/default/grub": "GRUB_DEFAULT=0\n",
  "etc/default/grub.d/acrn.cfg": "",
  "opt/vm/one.sh": "1",
  "opt/vm/not.txt": "1",
};

for (const { name, shell } of shells())
  describe(`snapshot under ${name}`, function () {
    this.timeout(30_000);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });

    it("reads the places that people and packages use, links kept inside the folder", async () => {
      const root = tree(HOST);
      const request = { scripts: ["/*/vm/*.sh", "/opt/gone.sh"], files: ["/etc/hosts", "/opt/vm"] };
      const snapshot = await readSnapshot(folderTarget(root, shell), request);
      const kinds = Object.fromEntries([...snapshot.files].map(([path, { kind }]) => [path, kind]));
      const there = Object.keys(HOST).map((key) => `/${key.split(" @")[0]}`);
      const unread = ["/usr/lib", "/opt/vm/not.txt", "/etc/machine-id"];
      for (const path of there)
        if (!unread.some((prefix) => path.startsWith(prefix)) || path.endsWith(".bin"))
          assert.equal(kinds[path], "file", path);
      assert.equal(kinds["/opt/vm/not.txt"], undefined);
      assert.equal(kinds["/etc/hosts"], "absent");
      assert.equal(kinds["/opt/gone.sh"], "absent");
      assert.equal(kinds["/opt/vm"], "other");
      assert.equal(textOf(snapshot, "/usr/share/acrn/scenario.xml"), "<acrn-config/>\r\n");
      assert.equal(textOf(snapshot, "/usr/share/acrn/conf/add/POST_RT_VM1.sh"), "x");
      assert.equal(textOf(snapshot, "/etc/default/grub.d/acrn.cfg"), "");
      const board = snapshot.files.get("/usr/share/acrn/board.xml");
      assert.equal(board?.realPath, "/usr/lib/x86_64-linux-gnu/acrn/nuc/board.xml");
      assert.equal(board?.sha256, sha256("<acrn-config/>"));
      assert.deepEqual(board?.strategy, { how: "rename" });
      assert.equal(snapshot.files.get("/usr/share/acrn/launch-scripts/nuc/shared/launch_user_vm_id1.sh")?.mode, "0755");
    });

    it("takes only the hashes of images", async () => {
      const snapshot = await readSnapshot(folderTarget(tree(HOST), shell), NOTHING);
      for (const path of ["/boot/acrn-3.4.bin", "/usr/lib/x86_64-linux-gnu/acrn/nuc/shared/acrn.nuc.shared.bin"]) {
        const state = snapshot.files.get(path);
        assert.equal(state?.kind, "file");
        assert.equal(state?.bytes, undefined);
        assert.equal(state?.sha256, sha256("image"));
        assert.equal(snapshot.texts.get(`md5:${path}`), createHash("md5").update("image").digest("hex"));
      }
    });

    it("writes nothing: contents, mtimes, ctimes, inodes", async () => {
      const root = tree(HOST);
      const before = listing(root, true);
      await readSnapshot(folderTarget(root, shell), { scripts: ["/opt/*/*.sh"], files: ["/etc/hosts", "/a/b"] });
      assert.deepEqual(listing(root, true), before);
    });

    it("carries any name and any bytes", async () => {
      const name = "/etc/a 'b' \"c\" $d `e` \\f [g]* é //h".replace("//", "");
      const bytes = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join("");
      const root = tree({ etc_: "" });
      mkdirSync(join(root, "etc"));
      writeFileSync(join(root, name), Buffer.from(bytes, "latin1"));
      const snapshot = await readSnapshot(folderTarget(root, shell), { scripts: [], files: [name] });
      assert.equal(Buffer.from(snapshot.files.get(name)?.bytes ?? []).toString("latin1"), bytes);
    });

    // anybody with a home may make such a file: it must not end the read
    for (const [what, character] of Object.entries({ "line break": "\n", return: "\r", escape: "\x1b" }))
      it(`leaves out names with a control character (${what}), and says so`, async () => {
        const root = tree({ ...HOST, [`home/alice/acrn-work/a${character}f passwd.sh`]: "1" });
        const snapshot = await readSnapshot(folderTarget(root, shell), NOTHING);
        assert.match(snapshot.warnings.join(), /control character/);
        assert.equal(textOf(snapshot, "/home/alice/acrn-work/l.sh"), "y");
        assert.ok(![...snapshot.files.keys()].some((path) => path.includes("passwd")));
      });

    it("follows no link whose target has a line break", async () => {
      const root = tree({ ...HOST, "home/alice/acrn-work/n.sh": "-> /etc/x\nf /etc/passwd//y", "etc/x": "" });
      const { files } = await readSnapshot(folderTarget(root, shell), NOTHING);
      assert.equal(files.get("/home/alice/acrn-work/n.sh")?.kind, "other");
      assert.equal(files.get("/home/alice/acrn-work/l.sh")?.kind, "file");
      assert.ok(![...files.keys()].some((path) => path.includes("passwd")));
    });

    it("takes names with the line separators of Unicode", async () => {
      const name = "home/alice/acrn-work/a\u2028b\u0085.sh";
      const snapshot = await readSnapshot(folderTarget(tree({ ...HOST, [name]: "1" }), shell), NOTHING);
      assert.equal(textOf(snapshot, `/${name}`), "1");
    });

    it("does not follow a link in a circle, nor one out of the folder", async () => {
      const root = tree({ "etc/a": "-> b", "etc/b": "-> a", "etc/out": "-> ../../../../../../../etc/passwd" });
      const snapshot = await readSnapshot(folderTarget(root, shell), { scripts: [], files: ["/etc/a", "/etc/out"] });
      assert.equal(snapshot.files.get("/etc/a")?.kind, "other");
      assert.equal(snapshot.files.get("/etc/out")?.kind, "absent");
    });
  });

describe("snapshot", function () {
  this.timeout(30_000);

  /** The same scripts on a machine with a prefix, as the lab has them: a transport that is no folder. */
  const live = (root: string): Target => {
    const { transport, elevation } = folderTarget(root);
    return { transport: { label: "lab", exec: (command) => transport.exec(command) }, elevation };
  };

  it("knows a folder by its machine-id, else by its place, the same each time", async () => {
    assert.equal(machineKey((await readSnapshot(folderTarget(tree(HOST)), NOTHING)).identity), ID);
    for (const content of ["", "uninitialized\n", "zz"]) {
      const root = tree({ "etc/machine-id": content });
      const [one, two] = await Promise.all([1, 2].map(() => readSnapshot(folderTarget(root), NOTHING)));
      assert.match(machineKey(one?.identity ?? {}) ?? "", /^folder-[0-9a-f]{32}$/);
      assert.deepEqual(one?.identity, two?.identity);
    }
  });

  it("answers nothing that only a live machine could, for a folder", async () => {
    const root = tree({ ...HOST, "proc/cmdline": "quiet\n", "dev/acrn_hsm": "" });
    const snapshot = await readSnapshot(folderTarget(root), NOTHING);
    assert.equal(snapshot.kind, "folder");
    assert.deepEqual(
      [...snapshot.texts.keys()].filter((key) => !key.startsWith("md5:")),
      [],
    );
    assert.deepEqual([...snapshot.commands], []);
  });

  it("reads the facts of a live machine", async () => {
    const root = tree({
      ...HOST,
      "proc/cmdline": "quiet isolcpus=2\n",
      "proc/sys/kernel/random/boot_id": "11111111-2222-3333-4444-555555555555\n",
      "proc/sys/kernel/osrelease": "6.1.0-rt\n",
      "proc/cpuinfo":
        "processor\t: 0\nvendor_id\t: x\nmodel name\t: i5\napicid\t\t: 0\n\nprocessor\t: 1\napicid\t\t: 2\n",
      "proc/stat": "cpu 1 2\nbtime 1700000000\n",
      "proc/1/comm": "systemd\n",
      "proc/1/cmdline": "/sbin/init\0",
      "proc/7/cmdline": "/usr/bin/acrn-dm\0-A\0-m\0two\nlines\0POST_RT_VM1\0",
      "proc/8/cmdline": "vi\0acrn-dm\0",
      "sys/class/dmi/id/product_uuid": "AAAAAAAA-2222-3333-4444-555555555555\n",
      "sys/devices/system/cpu/online": "0-1\n",
      "sys/devices/system/cpu/offline": "\n",
      "dev/acrn_hsm": "",
      "usr/bin/acrnctl @755": "",
      "usr/sbin/update-grub @755": "",
    });
    const { kind, identity, texts, commands } = await readSnapshot(live(root), NOTHING);
    assert.equal(kind, "live");
    assert.deepEqual(identity, {
      machineId: ID,
      productUuid: "AAAAAAAA-2222-3333-4444-555555555555",
      bootId: "11111111-2222-3333-4444-555555555555",
    });
    const expected: Record<string, string> = {
      "proc/cmdline": "quiet isolcpus=2",
      "proc/cpuinfo": "processor\t: 0\nmodel name\t: i5\napicid\t\t: 0\nprocessor\t: 1\napicid\t\t: 2",
      "proc/stat": "btime 1700000000",
      "proc/1/comm": "systemd",
      "proc/sys/kernel/osrelease": "6.1.0-rt",
      "proc/7/cmdline": "/usr/bin/acrn-dm\0-A\0-m\0two\nlines\0POST_RT_VM1\0",
      "acrn-dm": "7",
      "dev/acrn_hsm": "present",
      "dev/acrn_vhm": "absent",
      "sys/devices/system/cpu/offline": "",
    };
    for (const [key, value] of Object.entries(expected)) assert.equal(texts.get(key), value, key);
    assert.match(texts.get("date") ?? "", /^\d{10,}$/, "the machine's own time");
    assert.equal(texts.has("proc/8/cmdline"), false);
    assert.equal(texts.has("sys/devices/system/cpu/present"), false);
    assert.deepEqual([...commands].sort(), ["acrnctl", "update-grub"]);
  });

  it("reads the limits of GPUs that i915 drives, through the links of /sys, and nothing that is another one each time", async () => {
    const real = "sys/devices/pci0000:00/0000:00:02.0/drm/card1";
    const root = tree({
      ...HOST,
      "sys/bus/pci/devices/0000:00:02.0": "-> ../../../devices/pci0000:00/0000:00:02.0",
      "sys/bus/pci/devices/0000:00:1f.0/class": "0x060100\n",
      [`${real}/gt_max_freq_mhz`]: "1300\n",
      [`${real}/gt_RPn_freq_mhz`]: "300\n",
      [`${real}/gt_act_freq_mhz`]: "0\n",
      [`${real}/gt_cur_freq_mhz`]: "350\n",
    });
    const { texts } = await readSnapshot(live(root), NOTHING);
    const lines = (texts.get("gpu") ?? "").split("\n").sort();
    assert.deepEqual(lines, [
      "0000:00:02.0/drm/card1/gt_RPn_freq_mhz 300",
      "0000:00:02.0/drm/card1/gt_max_freq_mhz 1300",
    ]);
    const without = await readSnapshot(live(tree({ ...HOST, "sys/bus/pci/devices/x/class": "" })), NOTHING);
    assert.equal(without.texts.get("gpu"), "", "none, and that is known");
    assert.equal((await readSnapshot(live(tree(HOST)), NOTHING)).texts.has("gpu"), false);
    assert.equal((await readSnapshot(folderTarget(root), NOTHING)).texts.has("gpu"), false);
  });

  it("says which files it may not read", async function () {
    optional(this, process.getuid?.() === 0, "only root can make a file that is not its own");
    const root = tree({ "etc/secret": "s", "etc/open": "o", "etc/shut/x": "x" });
    for (const [path, mode] of [
      ["", 0o755],
      ["etc/secret", 0o600],
      ["etc/shut", 0o700],
    ] as const)
      chmodSync(join(root, path), mode);
    chownSync(join(root, "etc/open"), 65534, 65534);
    const { transport, elevation } = folderTarget(root);
    const nobody: Target = {
      elevation,
      transport: {
        label: "nobody",
        exec: (command) => transport.exec(`exec setpriv --reuid=65534 --clear-groups ${command}`),
      },
    };
    const { files } = await readSnapshot(nobody, { scripts: [], files: ["/etc/secret", "/etc/open", "/etc/shut/x"] });
    assert.equal(files.get("/etc/secret")?.kind, "unreadable");
    assert.equal(files.get("/etc/secret")?.strategy?.how, "refused");
    assert.equal(files.get("/etc/shut/x")?.kind, "unreadable");
    assert.equal(files.get("/etc/open")?.kind, "file");
  });

  it("gives up on a file that changes each time", async () => {
    const root = tree({ "etc/x": "1" });
    const { transport } = folderTarget(root);
    // the hash is asked of a tool that lies
    const path = tree({
      "sha256sum @755": '#!/bin/sh\nfor f do case $f in --) ;; *) printf "%064d  %s\\n" 0 "$f";; esac; done\n',
    });
    const target: Target = {
      elevation: { how: "none" },
      transport: { label: "liar", exec: (command) => transport.exec(`PATH=${path}:$PATH; export PATH; ${command}`) },
    };
    await assert.rejects(
      readSnapshot(target, { scripts: [], files: ["/etc/x"] }),
      (error) => error instanceof AcrnError && error.code === "host.busy-file" && error.message.includes("/etc/x"),
    );
  });

  it("names the folder that is not there", () => {
    assert.throws(
      () => folderTarget("/nowhere/at/all"),
      (error) =>
        error instanceof AcrnError && error.code === "folder.missing" && error.message.includes("/nowhere/at/all"),
    );
  });

  it("is sent in less than 8 KB, the same each time", () => {
    const { command, stdin } = launch({ how: "auto" }, readScript());
    assert.ok(command.length + stdin.length < 8192, String(command.length + stdin.length));
    assert.deepEqual(launch({ how: "auto" }, readScript()), { command, stdin });
  });
});
