import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { builtHosts, layDown } from "../../examples/lab/hosts";
import {
  changeEnvironment,
  readEnvironment,
  writeEnvironment,
} from "../../examples/lab/server/physics/grub/environment";
import { load } from "../../examples/lab/server/physics/grub/load";
import { findEntry, type MenuEntry, readMenu } from "../../examples/lab/server/physics/grub/menu";
import { mkconfig, updateGrub } from "../../examples/lab/server/physics/grub/mkconfig";
import { FS_UUID, type GrubSpec } from "../../examples/lab/server/physics/grub/spec";
import { grubWords } from "../../examples/lab/server/physics/grub/words";
import { upgradeKernel, upgradePackage } from "../../examples/lab/upgrade";
import { temporary } from "../host/helpers";

const MENU = "boot/grub/grub.cfg";

describe("lab: GRUB's menu and settings", function () {
  this.timeout(60_000);
  const host = (grub: boolean | GrubSpec = true): string => {
    const [plan] = builtHosts();
    assert.ok(plan);
    const dir = temporary();
    layDown({ ...plan, tree: { ...plan.tree, grub } }, dir);
    return dir;
  };
  const put = (dir: string, path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
    chmodSync(join(dir, path), mode);
  };
  const read = (dir: string, path: string): string => readFileSync(join(dir, path), "utf8");
  const titles = (entries: readonly MenuEntry[]): unknown[] =>
    entries.map((entry) => (entry.entries ? [entry.title, titles(entry.entries)] : entry.title));

  it("a menu has Linux first, then the packaged ACRN entries, all with one id, by which the lab's host boots", () => {
    const dir = host();
    const menu = readMenu(read(dir, MENU));
    const kernel = "6.1.80-acrn-service-vm";
    assert.deepEqual(titles(menu.entries), [
      "Debian GNU/Linux",
      ["Advanced options for Debian GNU/Linux", [`Debian GNU/Linux, with Linux ${kernel}`]],
      `Debian GNU/Linux with ACRN hypervisor, with Linux ${kernel} (ACRN 3.3)`,
    ]);
    assert.deepEqual([menu.once, menu.byDefault], [true, `acrn-gnulinux-${FS_UUID}`]);
    assert.equal(statSync(join(dir, "boot/grub/grubenv")).size, 1024);
    assert.match(
      read(dir, "proc/cmdline"),
      /console=ttyS0 quiet cpu_perf_policy=Performance root=UUID=\S+ ro quiet\n$/,
    );
  });

  it("settings are read by sh in their order, with their paths in the tree; exported ones reach the scripts", () => {
    const dir = host();
    put(dir, "var/lib/mine", "chosen\n");
    put(dir, "etc/default/grub.d/b.cfg", 'GRUB_DEFAULT=early\nexport GRUB_CMDLINE_ACRN="uart=disabled"\n');
    put(
      dir,
      "etc/default/grub.d/zz.cfg",
      'if [ -f /var/lib/mine ]; then GRUB_DEFAULT="$(cat /var/lib/mine)"; fi\nNOT_EXPORTED=1\n',
    );
    put(
      dir,
      "etc/grub.d/27_mine",
      `#!/bin/sh\necho "# $GRUB_DEFAULT, $GRUB_CMDLINE_LINUX_DEFAULT, \${NOT_EXPORTED:-nothing}"\n`,
      0o755,
    );
    const { text, status } = mkconfig(dir);
    assert.equal(status, 0);
    assert.equal(readMenu(text).byDefault, "chosen");
    assert.match(text, /# chosen, quiet, nothing\n### END \/etc\/grub\.d\/27_mine/);
    assert.match(text, /multiboot2\t\/boot\/acrn-3\.3\.bin cpu_perf_policy=Performance uart=disabled root=/);
  });

  it("a script of /etc/grub.d has the library's functions, and never sees the machine that the lab runs on", () => {
    const dir = host({ bootPartition: true, abstraction: ["lvm"] });
    const script = `#!/bin/sh
set -e
. "$pkgdatadir/grub-mkconfig_lib"
for i in /boot/vmlinuz-*; do
  grub_file_is_not_garbage "$i" || continue
  gettext_printf "Found %s\\n" "$i" >&2
  rel=$(make_system_path_relative_to_its_root "$(dirname "$i")")
  echo "menuentry '$(echo "it's mine" | grub_quote)' \\$menuentry_id_option 'mine-$(grub_get_device_id "$GRUB_DEVICE")' {"
  prepare_grub_to_access_device "$GRUB_DEVICE_BOOT" | grub_add_tab
  if uses_abstraction "$GRUB_DEVICE" lvm; then echo "	# on lvm"; fi
  echo "	linux $rel/$(basename "$i")"
  echo "}"
done
`;
    put(dir, "etc/grub.d/26_mine", script, 0o755);
    put(dir, "etc/grub.d/28_off", "#!/bin/sh\necho off\n");
    put(dir, "etc/grub.d/29_old.dpkg-old", "#!/bin/sh\necho old\n", 0o755);
    const { text, said } = mkconfig(dir, { bootPartition: true, abstraction: ["lvm"] });
    const entry = readMenu(text).entries.find(({ id }) => id === `mine-${FS_UUID}`);
    assert.equal(entry?.title, "it's mine");
    assert.deepEqual(entry?.lines.slice(0, 3), ["insmod part_gpt", "insmod lvm", "insmod ext2"]);
    assert.ok(entry?.lines.includes("linux /vmlinuz-6.1.80-acrn-service-vm"), text);
    assert.ok(said.includes("Found /boot/vmlinuz-6.1.80-acrn-service-vm"), said.join("\n"));
    assert.ok(!text.includes(dir) && !/\boff\b|\bold\b/.test(text));
  });

  it("a text that takes the tree's prefix from its environment is run as it is", () => {
    const dir = host();
    put(dir, "var/lib/mine", "chosen\n");
    put(dir, "etc/default/grub.d/zz.cfg", 'GRUB_DEFAULT="$(cat "$PULUMI_ACRN_ROOT"/var/lib/mine)"\n');
    put(
      dir,
      "etc/grub.d/26_mine",
      '#!/bin/sh\nfor k in "$PULUMI_ACRN_ROOT"/boot/vmlinuz-*; do echo "# $k"; done\n',
      0o755,
    );
    const { text } = mkconfig(dir);
    assert.equal(readMenu(text).byDefault, "chosen");
    assert.match(text, /^# \/boot\/vmlinuz-6\.1\.80-acrn-service-vm$/m);
  });

  const failing: [title: string, path: string, text: string, trouble: RegExp][] = [
    ["a script that fails", "etc/grub.d/26_mine", "#!/bin/sh\necho half\nexit 3\n", /26_mine ended with an error/],
    ["a setting that sh cannot read", "etc/default/grub.d/x.cfg", 'A="\n', /settings of GRUB cannot be read/],
  ];
  for (const [title, path, text, trouble] of failing)
    it(`${title} fails all of it, and the menu stays`, () => {
      const dir = host();
      const before = read(dir, MENU);
      put(dir, path, text, 0o755);
      const { status, said } = updateGrub(dir);
      assert.equal(status, 1);
      assert.match(said.at(-1) ?? "", trouble);
      assert.equal(read(dir, MENU), before);
      assert.deepEqual(readdirSync(join(dir, "boot/grub")), ["grub.cfg", "grubenv"]);
    });

  it("2.x has no script of its own for GRUB, so its host has an entry in 40_custom", () => {
    const plan = builtHosts()[1];
    assert.ok(plan);
    const dir = temporary();
    layDown({ ...plan, tree: { ...plan.tree, grub: true } }, dir);
    const menu = readMenu(read(dir, MENU));
    assert.equal(findEntry(menu.entries, menu.byDefault ?? "")?.entry.title, "ACRN multiboot2 ");
  });

  it("a kernel upgrade leaves entries of the new kernel alone; without HSM there is none with ACRN", () => {
    const dir = host();
    upgradeKernel(dir, { to: "6.6.1" });
    assert.ok(!existsSync(join(dir, "boot/vmlinuz-6.1.80-acrn-service-vm")));
    assert.match(read(dir, MENU), /with Linux 6\.6\.1 \(ACRN 3\.3\)/);
    assert.doesNotMatch(read(dir, MENU), /6\.1\.80/);
    upgradeKernel(dir, { to: "6.10.0", hsm: false, keep: true });
    const found = titles(readMenu(read(dir, MENU)).entries);
    assert.deepEqual((found[1] as unknown[])[1], [
      "Debian GNU/Linux, with Linux 6.10.0",
      "Debian GNU/Linux, with Linux 6.6.1",
    ]);
    assert.deepEqual(found.slice(2), ["Debian GNU/Linux with ACRN hypervisor, with Linux 6.6.1 (ACRN 3.3)"]);
  });

  it("a package upgrade takes the image away first, and changes record, sums and menu", () => {
    const dir = host();
    const record = "usr/share/acrn/scenario.xml";
    const before = read(dir, record);
    const there: boolean[] = [];
    upgradePackage(dir, {
      to: "3.4",
      between: () => there.push(existsSync(join(dir, "boot/acrn-3.3.bin")), existsSync(join(dir, record))),
    });
    assert.deepEqual(there, [false, false]);
    assert.notEqual(read(dir, record), before);
    assert.match(read(dir, MENU), /\(ACRN 3\.4\)/);
    assert.match(read(dir, "boot/acrn-3.4.bin"), /^lab image of ACRN 3\.4, upgraded [0-9a-f]{32}\n$/);
    assert.match(read(dir, "var/lib/dpkg/info/acrn-hypervisor.md5sums"), /launch_user_vm_id1\.sh\n/);
  });
});

describe("lab: what GRUB reads", () => {
  const words: [line: string, words: string[]][] = [
    ["\tlinux\t/vmlinuz root=UUID=1 ro", ["linux", "/vmlinuz", "root=UUID=1", "ro"]],
    [`menuentry 'it'\\''s' --id "a b" {`, ["menuentry", "it's", "--id", "a b", "{"]],
    ["echo a#b # gone", ["echo", "a#b"]],
    [`set x="$root \\"q\\""`, ["set", `x=hd0 "q"`]],
    [`echo $unset \${root}x ''`, ["echo", "hd0x", ""]],
    ["# all of it", []],
  ];
  for (const [line, expected] of words)
    it(`words of ${JSON.stringify(line)}`, () => assert.deepEqual(grubWords(line, { root: "hd0" }), expected));

  const entries: MenuEntry[] = readMenu(`set default="0"
function f {
  set default="inside"
}
menuentry 'A' --class os --id 'a' {
  true
}
submenu 'More' $menuentry_id_option 'more' {
  menuentry 'B>1' --id b {
  }
  menuentry 'C' --id c {
  }
}
menuentry '4' --id four {
}`).entries;
  const choices: [wanted: string, id: string, exact: boolean][] = [
    ["0", "a", true],
    ["A", "a", true],
    ["a", "a", true],
    ["1>1", "c", true],
    ["More>C", "c", true],
    ["more>B>>1", "b", true],
    ["more", "b", true],
    ["more>gone", "b", false],
    ["2", "four", true],
    ["gone", "a", false],
    ["7", "a", false],
    ["a>b", "a", false],
    ["", "a", false],
  ];
  for (const [wanted, id, exact] of choices)
    it(`the default ${JSON.stringify(wanted)} means ${id}${exact ? "" : ", for want of better"}`, () => {
      const found = findEntry(entries, wanted);
      assert.deepEqual([found?.entry.id, found?.exact], [id, exact]);
    });

  const dir = temporary();
  mkdirSync(join(dir, "boot"));
  for (const [name, text] of Object.entries({ "acrn-3.3.bin": "x", k: "k", empty: "", other: "no hypervisor" }))
    writeFileSync(join(dir, "boot", name), text);
  const loads: [title: string, lines: string[], trouble: string[], boots: boolean][] = [
    ["all is there", ["multiboot2 /boot/acrn-3.3.bin a b", "echo x", "module2 --nounzip /boot/k tag c"], [], true],
    [
      "the image is not",
      ["multiboot2 /boot/gone", "module2 /boot/k t"],
      ["file `/boot/gone' not found", "you need to load the kernel first"],
      false,
    ],
    ["the image is empty", ["multiboot2 /boot/empty"], ["premature end of file /boot/empty"], false],
    ["the image is none", ["multiboot2 /boot/other"], ["no multiboot header found"], false],
    [
      "the last module is not",
      ["multiboot2 /boot/acrn-3.3.bin", "module2 /boot/gone"],
      ["file `/boot/gone' not found"],
      false,
    ],
    [
      "a module between is not: it boots without",
      ["multiboot2 /boot/acrn-3.3.bin", "module2 /boot/gone", "module2 /boot/k"],
      ["file `/boot/gone' not found"],
      true,
    ],
    ["nothing is loaded", ["echo hello"], ["nothing is loaded"], false],
    ["device before the path", ["linux (hd0,gpt2)/boot/k ro"], [], true],
  ];
  for (const [title, lines, trouble, boots] of loads)
    it(`an entry of which ${title}`, () => {
      const result = load({ title: "t", id: "t", lines }, dir, {});
      assert.deepEqual([result.trouble, "loaded" in result], [trouble, boots]);
    });

  it("what stands behind a file goes with it", () => {
    const result = load({ title: "t", id: "t", lines: loads[0]?.[1] ?? [] }, dir, {});
    assert.deepEqual("loaded" in result && result.loaded, {
      loader: "multiboot2",
      file: "/boot/acrn-3.3.bin",
      words: ["a", "b"],
      modules: [{ file: "/boot/k", words: ["tag", "c"] }],
    });
  });

  it("an environment block keeps any values, and its size", () => {
    const path = join(temporary(), "grubenv");
    const name = fc.stringMatching(/^[a-z_]{1,12}$/);
    const value = fc.string({ maxLength: 40, unit: "binary-ascii" });
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 8 }), (variables) => {
        writeEnvironment(path, new Map(Object.entries(variables)));
        assert.equal(statSync(path).size, 1024);
        assert.deepEqual(Object.fromEntries(readEnvironment(path)), { ...variables });
      }),
    );
    assert.throws(() => changeEnvironment(path, (all) => all.set("x", "y".repeat(1024))), /too small/);
    writeFileSync(path, "");
    assert.throws(() => readEnvironment(path), /invalid environment block/);
  });
});
