import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Console } from "./support/console";
import { Link } from "./support/link";
import { withLock } from "./support/lock";
import type { End } from "./support/qemu";
import { RtHost } from "./support/rt-host";
import { sourcesOf } from "./support/sources";

describe("parts of the virtual machine", () => {
  const dir = mkdtempSync(join(tmpdir(), "acrn-parts-"));
  after(() => rmSync(dir, { recursive: true, force: true }));

  describe("archives of the guest, from those of the machine", () => {
    const rows: [name: string, targets: string, own: string, sources: string[]][] = [
      [
        "each once, with updates and security",
        "http://m/d/ bookworm main\nhttp://m/d/ bookworm main\nhttp://m/d/ bookworm-updates main\nhttp://m/s/ bookworm-security main\n",
        "bookworm",
        [
          "deb http://m/d/ bookworm main",
          "deb http://m/d/ bookworm-updates main",
          "deb http://m/s/ bookworm-security main",
        ],
      ],
      [
        "another release of Debian has the guest's too",
        "http://m/d/ trixie main\n",
        "trixie",
        ["deb http://m/d/ bookworm main"],
      ],
      [
        "not what others offer for that release",
        "http://o/ bookworm stable\nhttp://o/ nodistro main\n",
        "bookworm",
        [],
      ],
      ["not backports", "http://m/d/ bookworm-backports main\n", "bookworm", []],
    ];
    for (const [name, targets, own, sources] of rows)
      it(name, () => assert.deepEqual(sourcesOf(targets, own), sources));

    it("names the keyring where the machine has one", () => {
      assert.deepEqual(sourcesOf("http://m/ bookworm main", "bookworm", "/k.gpg"), [
        "deb [signed-by=/k.gpg] http://m/ bookworm main",
      ]);
    });
  });

  describe("the console", () => {
    it("finds each thing once, what comes late too, and what was said last before the end", async () => {
      let alive = true;
      const console = new Console(join(dir, "console"), () => alive);
      appendFileSync(console.file, "one login: two\n");
      await console.waitFor(/login:/);
      const second = console.waitFor(/login: (\w+)/);
      appendFileSync(console.file, "again login: three\n");
      assert.equal((await second)[1], "three");
      alive = false;
      appendFileSync(console.file, "Power down\n");
      await console.waitFor(/Power down/);
      await assert.rejects(console.waitFor(/Power down/), /the machine has ended:\n[\s\S]*Power down/);
    });

    it("gives up after its time, with what was said", async () => {
      const console = new Console(join(dir, "short"), () => true);
      appendFileSync(console.file, "(initramfs)");
      await assert.rejects(console.waitFor(/login:/, 0.2), /did not say \/login:\/ within 0.2 s:\n\(initramfs\)/);
    });
  });

  describe("the link", () => {
    const link = new Link();
    const server = createServer({ allowHalfOpen: true }, (socket) => void socket.on("error", () => {}).pipe(socket));
    let port: number;
    before(async () => {
      port = await link.open();
      await new Promise<void>((settle) => server.listen(0, "127.0.0.1", settle));
    });
    after(async () => {
      await link.close();
      server.close();
    });

    /** What comes back of the bytes that are sent, until the end. */
    function echoed(bytes: number): Promise<number> {
      return new Promise((settle) => {
        let got = 0;
        const socket: Socket = connect(port, "127.0.0.1", () => socket.end(Buffer.alloc(bytes)));
        socket.on("data", (chunk) => {
          got += chunk.length;
        });
        socket.on("error", () => {});
        socket.on("close", () => settle(got));
      });
    }

    it("refuses while nobody is there", async () => assert.equal(await echoed(10), 0));

    it("carries everything", async () => {
      link.to = (server.address() as { port: number }).port;
      assert.equal(await echoed(3_000_000), 3_000_000);
    });

    for (const back of [1, 999, 1000])
      it(`ends after byte ${back} of the answer, and holds then`, async () => {
        link.cutAfter(1000 + back);
        assert.equal(await echoed(1000), back);
        assert.equal(await echoed(1000), 1000);
      });

    it("is cut until it is mended", async () => {
      link.cut();
      assert.equal(await echoed(10), 0);
      link.mend();
      assert.equal(await echoed(10), 10);
    });
  });

  describe("the host of an RTVM", () => {
    const rows: [ends: End[], launches: number, wentDown: boolean][] = [
      [["powered-off", "powered-off", "reset"], 3, true],
      [["triple-fault", "reset"], 2, true],
      [["reset"], 1, true],
      [["powered-off", "killed"], 2, false],
      [[{ failed: "no memory" }], 1, false],
    ];
    for (const [ends, launches, wentDown] of rows)
      it(`launches ${launches} times for ${JSON.stringify(ends)}`, async () => {
        const left = [...ends];
        const host = new RtHost({ start: async () => {}, ended: async () => left.shift() as End });
        await host.launch();
        for (let again = true; again; ) {
          again = await host.again().then(
            () => true,
            () => false,
          );
        }
        assert.deepEqual([host.launches, host.wentDown, left], [launches, wentDown, []]);
      });

    it("leaves it off when told, and says when the machine went down", async () => {
      let end: (how: End) => void = () => {};
      const ended = () =>
        new Promise<End>((settle) => {
          end = settle;
        });
      const host = new RtHost({ start: async () => {}, ended });
      await host.launch();
      const again = host.again();
      end("powered-off");
      await again;
      const stop = host.stop();
      end("powered-off");
      await stop;
      assert.deepEqual([host.launches, host.wentDown], [2, false]);
      await host.launch();
      const third = host.again();
      end("reset");
      await assert.rejects(third, /the RTVM reset/);
    });
  });

  it("the lock lets one work at a time", async () => {
    let within = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++within);
      await sleep(50);
      within--;
    };
    const file = join(dir, "lock");
    await Promise.all([1, 2, 3].map(() => withLock(file, work, () => {})));
    assert.equal(most, 1);
  });
});
