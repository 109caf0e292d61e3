// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are shell scripts
import assert from "node:assert/strict";
import { launchSurface } from "../../../../provider/core/acrn/launch-script/surface";

const FILE = "/x.sh";

/** Changes one argument, lets somebody else change the script, and gives the argument back. */
function there(text: string, key: string, value: string | true | null, meanwhile = (now: string) => now): string[] {
  const before = launchSurface.read(text, FILE, key);
  const edited = launchSurface.write(text, FILE, key, value);
  const raw = before.kind === "value" ? before.raw : undefined;
  return [edited, launchSurface.restore(meanwhile(edited), FILE, key, raw)];
}

describe("launch scripts: an argument that goes comes back where it stood", () => {
  const ROWS: [what: string, text: string, edited: string][] = [
    [
      "behind the nearest of those before it, where nothing follows in its array",
      'a=(-A --rtvm -m 1G)\nacrn-dm "${a[@]}" RT\n',
      'a=(-A --rtvm)\nacrn-dm "${a[@]}" RT\n',
    ],
    ["before the VM's name", "acrn-dm -A -m 1G RT\n", "acrn-dm -A RT\n"],
    ["attached, with a variable", "m=1G\nacrn-dm -m$m RT\n", "m=1G\nacrn-dm RT\n"],
    [
      "on its line, before a comment",
      'a=(\n  -m 1G # MiB\n  RT\n)\nacrn-dm "${a[@]}"\n',
      'a=(\n   # MiB\n  RT\n)\nacrn-dm "${a[@]}"\n',
    ],
  ];
  for (const [what, text, edited] of ROWS)
    it(what, () => assert.deepEqual(there(text, "arg[-m]", null), [edited, text]));

  it("where somebody put another before the comment, beside that one and not into it", () => {
    const text = 'a=(-m 1G # MiB\n RT)\nacrn-dm "${a[@]}"\n';
    const [, back = ""] = there(text, "arg[-m]", null, (now) => now.replace("( #", "(-A #"));
    assert.match(back, /a=\(-A /);
    const values = ["arg[-m]", "arg[-A]"].map((key) => launchSurface.read(back, FILE, key));
    assert.deepEqual(
      values.map((each) => (each.kind === "value" ? each.value : each.kind)),
      ["1G", true],
      back,
    );
  });

  it("a value that is more than its variable is written as one word, and the variable stays", () => {
    const text = "d=a.img\nacrn-dm -s 3,virtio-blk,$d -B $d RT\n";
    const [edited, back] = there(text, "arg[-s 3]", "ahci,b c");
    assert.deepEqual([edited, back], [text.replace("3,virtio-blk,$d", "'3,ahci,b c'"), text]);
  });
});
