import assert from "node:assert/strict";
import { shells } from "../host/helpers";
import { needs } from "../support/needs";
import { Tally } from "../support/tally";
import { MOMENTS, withMeanwhile } from "./support/meanwhile";
import { smallWorld } from "./support/world";

/** What somebody does to the scenario source, as shell text. */
const OWN = 'sed "s,<pcpu_id>1<,<pcpu_id>0<,; s,<pcpu_id>2<,<pcpu_id>0<," "$F" >"$F.n"; mv "$F.n" "$F"';
const FOREIGN = 'sed "s,>debug<,>release<," "$F" >"$F.n"; mv "$F.n" "$F"';
const SAME = 'cp -p "$F" "$F.n"; touch "$F.n"; mv "$F.n" "$F"';
const LINK = 'mv "$F" "$R/etc/elsewhere.xml"; ln -s /etc/elsewhere.xml "$F"';

/**
 * For each moment, what is said; `""` is done, and then both the declared and the other's are there. Otherwise the declared is not there,
 * but for `verify`: that is said of what came after the swap.
 */
const ROWS: [title: string, text: string, said: [string, string, string, string]][] = [
  ["our own field", OWN, ["plan.changed", "host.changed", "host.changed", "verify"]],
  ["a field that nobody claims", FOREIGN, ["", "host.changed", "host.changed", ""]],
  ["the same bytes again", SAME, ["", "", "host.changed", ""]],
  ["the file removed", 'rm "$F"', ["plan.changed", "host.changed", "host.changed", "verify"]],
  ["a link in its place", LINK, ["", "host.changed", "host.changed", ""]],
  [
    "a folder in its place",
    'rm "$F"; mkdir "$F"',
    ["file.unreadable", "host.changed", "host.changed", "file.unreadable"],
  ],
  ["another mode", 'chmod 600 "$F"', ["", "", "host.changed", ""]],
];

for (const { name, shell } of shells().filter((row) => row.name !== "bash"))
  describe(`changed by somebody else meanwhile, ${name}`, function () {
    this.timeout(120_000);
    const tally = new Tally(`changed between plan and apply, ${name}`);
    before(function () {
      needs(this, shell, `no ${name} on this machine`);
    });
    after(() => tally.check());

    for (const [title, text, said] of ROWS)
      for (const [i, moment] of MOMENTS.entries())
        it(`${title}, between ${moment.replace(",", " and")}: ${said[i] || "done"}`, async () => {
          const world = await smallWorld("again");
          const { files, code } = await withMeanwhile(world, shell ?? {}, text, moment);
          const done = code === "" || moment === "swap, verify";
          const end = files === "old" || files === "new" ? files : "lost";
          tally.add(end === (done ? "new" : "old") ? end : "lost", `${title}, ${moment}: ${code || "done"}, ${files}`);
          assert.equal(code, said[i]);
        });
  });
