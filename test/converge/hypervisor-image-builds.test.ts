import assert from "node:assert/strict";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { boots } from "../../examples/lab/boots";
import { built, failure, type ImageCell, on } from "./support/image-cell";
import { SOURCE, TOOLS, withTools } from "./support/stub-sources";

const IMAGES = "var/lib/pulumi-acrn/images";
const WITH_SOURCE = { files: { ...SOURCE }, commands: { ...TOOLS } };
/** The lab's build by hand, into a folder of the machine. */
const BY_HAND =
  'cd "$PULUMI_ACRN_ROOT" && lab-build usr/share/acrn/board.xml var/lib/pulumi-acrn/scenario.xml prebuilt';

async function boot(host: ImageCell, id: string): Promise<void> {
  await host.activate();
  assert.equal(host.cell.machine.state().booted?.image, id);
  assert.deepEqual(boots(host.cell.path(".")), []);
}

/** An image that was built before, of the scenario source as it is, which somebody declared. */
async function prebuilt(host: ImageCell): Promise<void> {
  await host.declareRtVmAlone([3]);
  const { status, err } = (await host.cell.on(BY_HAND)) as { status?: number; err?: string };
  assert.ok(host.cell.has("prebuilt/configs/misc_cfg.h"), `${status} ${err}`);
}

const record = ({ cell }: ImageCell, id: string) => JSON.parse(cell.read(`${IMAGES}/${id}/image.json`));

describe("HypervisorImage: where and how it is built", function () {
  this.timeout(120_000);

  for (const [how, build] of [
    ["make", { make: { source: "/src" } }],
    ["debian_build.sh", { debian: { source: "/src" } }],
  ] as const)
    it(
      `${how} on the host: staged with what it generated, and boots`,
      on(async (host) => {
        const id = await host.image({ build });
        assert.match(record(host, id).source, /^tree 33 [0-9a-f]{16}$/);
        assert.ok(host.cell.has(`${IMAGES}/${id}/configs/misc_cfg.h`));
        const { planned } = await host.preview({ build });
        assert.equal(planned.outputs.verified, true);
        await boot(host, id);
      }, WITH_SOURCE),
    );

  it(
    "over SSH on a machine that builds, by its own login and without becoming root",
    on(
      async (host) => {
        const { cell } = host;
        const ssh = cell.lab.connection("cell-1", { user: "builder" });
        const build = { make: { source: "/src" }, on: { ssh } };
        const id = await host.image({ build });
        assert.ok(cell.has(`${IMAGES}/${id}/acrn.bin`));
        assert.match(host.said.join("\n"), /building image [0-9a-f]{16} on .*builder@/);
        assert.equal(
          await host.image({ build: { make: { source: "/src" } } }),
          id,
          "where it is built is no part of it",
        );
      },
      { ...WITH_SOURCE, users: { root: {}, builder: {} } },
    ),
  );

  it("here, with this machine's programs", () =>
    withTools((tools) =>
      on(async (host) => {
        for (const [path, text] of Object.entries(SOURCE)) {
          const file = join(tools, path);
          mkdirSync(dirname(file), { recursive: true });
          writeFileSync(file, text);
        }
        const id = await host.image({ build: { make: { source: join(tools, "src") }, on: "local" } });
        assert.match(host.said.join("\n"), /building image [0-9a-f]{16} on this machine/);
        await boot(host, id);
      })(),
    ));

  it(
    "prebuilt, with its configuration: proved, and boots; one of another scenario is refused",
    on(async (host) => {
      await prebuilt(host);
      const build = { prebuilt: "/prebuilt" };
      const id = await host.image({ build });
      await boot(host, id);
      await host.rtVm([2, 3]);
      const error = await failure(host.image({ build }));
      assert.equal(error.code, "image.configs");
      assert.match(error.message, /POST_RT_VM1 \(VM 1\): pCPUs meant 2, 3, built 3/);
    }),
  );
});

describe("HypervisorImage: what it was built from is proved, or trusted by name", function () {
  this.timeout(120_000);

  it(
    "prebuilt without its configuration: refused in the preview; trusted, it is said wherever something counts on it",
    on(async (host) => {
      const { cell } = host;
      await prebuilt(host);
      rmSync(cell.path("prebuilt/configs"), { recursive: true });
      for (const path of ["/prebuilt", "/prebuilt/acrn.bin"]) {
        const { planned } = await host.preview({ build: { prebuilt: path } });
        assert.match(
          planned.refusals.map(({ message }) => message).join(),
          /without configs\/misc_cfg\.h.*trustUnverified/,
        );
      }
      const trusted = { build: { prebuilt: "/prebuilt/acrn.bin", trustUnverified: true } };
      const { planned } = await host.preview(trusted);
      assert.equal(planned.outputs.verified, false);
      assert.match(planned.warnings.join(), /trusted, not proved \(trustUnverified\)/);
      const id = await host.image(trusted);
      assert.match(host.warned.join(), new RegExp(`image ${id}: what it was built from is trusted, not proved`));
      assert.equal(record(host, id).unverified, true);
      await boot(host, id);
      const after = await host.preview(trusted);
      assert.equal(after.planned.outputs.verified, false);
      assert.match(
        after.planned.pending.map(({ evidence }) => evidence).join(),
        /is the default; .*trusted, not proved/,
      );
      assert.match((await host.pendingOf("RtVm")).join(), /trusted, not proved/);
    }),
  );

  it(
    "a command that leaves no configuration: built, thrown away, and nothing is staged",
    on(async (host) => {
      const bare = (more: object = {}) => ({
        build: { command: `${built().build.command}; rm -r "$OUT/configs"`, ...more },
      });
      const error = await failure(host.image(bare()));
      assert.equal(error.code, "image.unverified");
      assert.match(error.message, /does not say which pCPUs VMs have \(configs\/misc_cfg\.h\)/);
      assert.ok(!host.cell.has(IMAGES));
      const id = await host.image(bare({ trustUnverified: true }));
      assert.equal(record(host, id).unverified, true);
    }),
  );

  it(
    "trusted, and it says all the same what it was built from: proved; where that is another scenario, refused",
    on(async (host) => {
      const trust = (flags = "") => ({ build: { ...built(flags).build, trustUnverified: true } });
      const id = await host.image(trust());
      assert.equal((await host.preview(trust())).planned.outputs.verified, true);
      assert.equal(record(host, id).unverified, undefined);
      const wrong = `${built().build.command}; sed -i 's/AFFINITY_CPU(3U)/AFFINITY_CPU(4U)/' "$OUT/configs/misc_cfg.h"`;
      const error = await failure(host.image({ build: { command: wrong, trustUnverified: true } }));
      assert.equal(error.code, "image.configs");
    }),
  );
});

describe("HypervisorImage: the source is the one that was seen", function () {
  this.timeout(120_000);

  /** Build by what a file says. */
  const INPUT = { files: { ...SOURCE, "etc/build/flags": "" } };
  const command = (then = "") => `${built().build.command} $(cat "$PULUMI_ACRN_ROOT/etc/build/flags")${then}`;

  it(
    "a command's inputs are part of the identity: file or folder; one that is gone is refused",
    on(async (host) => {
      const { cell } = host;
      const ids = new Set<string>();
      const id = async (inputs?: string[]) => {
        const { args } = await host.preview({ build: { command: command(), ...(inputs ? { inputs } : {}) } });
        ids.add(args.found.id);
        return args.found.id;
      };
      const [none, file, folder] = [await id(), await id(["/etc/build/flags"]), await id(["/etc/build"])];
      assert.equal(ids.size, 3);
      cell.write("etc/build/flags", "--slow=1");
      assert.equal(await id(), none, "what nobody named does not count");
      assert.notEqual(await id(["/etc/build/flags"]), file);
      assert.notEqual(await id(["/etc/build"]), folder);
      const before = await id(["/etc/build"]);
      cell.write("etc/build/more", "");
      assert.notEqual(await id(["/etc/build"]), before);
      const { planned } = await host.preview({ build: { command: command(), inputs: ["/gone"] } });
      assert.match(planned.refusals.map(({ message }) => message).join(), /there is no \/gone that can be read/);
    }, INPUT),
  );

  it(
    "one that changes between preview and build, or while it is built, is not built; nothing is kept",
    on(async (host) => {
      const { cell } = host;
      const args = { build: { command: command(), inputs: ["/etc/build"] } };
      const early = await failure(host.image(args, () => cell.write("etc/build/flags", "--slow=1")));
      assert.equal(early.code, "image.source-changed");
      assert.match(early.message, /the source changed since the preview: it was command .* and is command /);
      const meanwhile = command('; echo >>"$PULUMI_ACRN_ROOT/etc/build/more"');
      const late = await failure(host.image({ build: { command: meanwhile, inputs: ["/etc/build"] } }));
      assert.match(late.message, /the source changed while it was built/);
      assert.ok(!cell.has(IMAGES));
      await host.image(args);
    }, INPUT),
  );

  it(
    "so with a source tree, and with a prebuilt image that is built anew",
    on(async (host) => {
      const { cell } = host;
      const change = () => cell.write("src/hypervisor/new.c", "int x;\n");
      const tree = await failure(host.image({ build: { make: { source: "/src" } } }, change));
      assert.equal(tree.code, "image.source-changed");
      await prebuilt(host);
      const again = () => cpSync(cell.path("prebuilt/configs/misc_cfg.h"), cell.path("prebuilt/acrn.bin"));
      const image = await failure(host.image({ build: { prebuilt: "/prebuilt" } }, again));
      assert.match(image.message, /it was file [0-9a-f]{64}, and is file /);
      assert.ok(!cell.has(IMAGES));
    }, WITH_SOURCE),
  );
});
