import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import { gunzipSync } from "node:zlib";
import { AcrnError } from "../../provider/core/errors";
import { Session } from "../../provider/host/session";
import type { Elevation, ExecOptions, RemoteProcess, Target } from "../../provider/host/types";

const FRAME = "\npulumi-acrn frame 1\n";
const READY = "\npulumi-acrn ready\n";
const PASSWORD = "hunter2";

/** The far side, played by the test: what it has got, and what it says. */
class Stage implements RemoteProcess {
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly exit: Promise<{ code: number }>;
  private got = "";
  private ended!: (end: { code: number }) => void;

  constructor(readonly tty: boolean) {
    this.stdin.on("data", (chunk: Buffer) => {
      this.got += chunk.toString();
    });
    this.exit = new Promise((settle) => {
      this.ended = settle;
    });
  }

  say(text: string): void {
    this.stdout.write(text);
  }

  /** What has come since the last call. */
  async heard(): Promise<string> {
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    const got = this.got;
    this.got = "";
    return got;
  }

  exits(): void {
    this.ended({ code: 0 });
  }

  end(): void {
    this.stdout.end();
    this.exits();
  }
}

function theatre(elevation: Elevation) {
  const stages: Stage[] = [];
  const exec = (_command: string, { pty = false }: ExecOptions = {}) => {
    stages.push(new Stage(pty));
    return Promise.resolve(stages.at(-1) as Stage);
  };
  const target: Target = { elevation, transport: { label: "cell-7", exec } };
  const stage = (): Stage => stages.at(-1) as Stage;
  return { target, stages, stage };
}

/** The scripts in a piece of input, unpacked; other lines as they are. */
const told = (text: string): string[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => (line.startsWith("acrn:") ? gunzipSync(Buffer.from(line.slice(5), "base64")).toString() : line));

describe("a session", () => {
  it("sends all at once where there is no terminal", async () => {
    const { target, stage } = theatre({ how: "sudo-password", password: PASSWORD });
    const session = await Session.start(target, "SCRIPT");
    session.send("go\n");
    const [wrapper, ...rest] = told(await stage().heard());
    assert.match(wrapper ?? "", /sudo -S/);
    assert.deepEqual(rest, [PASSWORD, PASSWORD, "SCRIPT", "go"]);
    stage().say(`${FRAME}read\n`);
    assert.equal(await session.line(), "read");
    stage().end();
    await session.close();
  });

  it("starts again on a terminal when sudo demands one, a word at a time, and the next one at once", async () => {
    const { target, stages, stage } = theatre({ how: "sudo-password", password: PASSWORD });
    const session = await Session.start(target, "SCRIPT");
    session.send("f /x\ngo\n");
    const line = session.line();
    stage().say(`${FRAME}error sudo.tty alice: sorry\n`);
    stage().end();
    await stage().heard();
    assert.deepEqual(
      stages.map(({ tty }) => tty),
      [false, true],
    );
    assert.equal(await stage().heard(), "", "nothing before the far side is ready");
    stage().say(`motd${READY}`);
    const [wrapper, ...rest] = told(await stage().heard());
    assert.match(wrapper ?? "", /sudo -S -p '\npulumi-acrn ready/);
    assert.deepEqual(rest, [PASSWORD]);
    stage().say(READY);
    assert.deepEqual(told(await stage().heard()), [PASSWORD]);
    stage().say(READY);
    assert.deepEqual(told(await stage().heard()), ["exec 2>/dev/null\nSCRIPT", "f /x", "go"]);
    stage().say(`${FRAME}read\n`);
    assert.equal(await line, "read");
    session.send("again\n");
    assert.equal(await stage().heard(), "again\n");
    const closing = session.close();
    assert.equal(await stage().heard(), "\nquit\n", "the end of stdin is not heard there");
    stage().end();
    await closing;

    const next = await Session.start(target, "SCRIPT");
    next.send("go\n");
    assert.equal(await stage().heard(), "");
    assert.ok(stage().tty);
    assert.equal(stages.length, 3);
    stage().end();
    await next.close();
  });

  it("reads on after the exit status, for as long as something comes", async () => {
    const { target, stage } = theatre({ how: "auto" });
    const session = await Session.start(target, "SCRIPT", { late: 500 });
    stage().say(FRAME);
    stage().exits();
    for (let part = 0; part < 15; part++) {
      await sleep(50);
      stage().say(`${part}\n`);
    }
    for (let part = 0; part < 15; part++) assert.equal(await session.line(), `${part}`);
    const end = session.line();
    await assert.rejects(end, (error) => error instanceof AcrnError && error.code === "frame.cut");
    await session.close();
  });

  for (const [what, end] of [
    ["the output does not end", (stage: Stage) => stage.exits()],
    ["the exit status does not come", (stage: Stage) => stage.stdout.end()],
    ["nothing ends", () => {}],
  ] as const)
    it(`leaves nothing open where ${what}`, async () => {
      const { target, stage } = theatre({ how: "auto" });
      const session = await Session.start(target, "SCRIPT", { late: 20 });
      stage().say(`${FRAME}read\n`);
      assert.equal(await session.line(), "read");
      end(stage());
      await session.close();
      for (const stream of [stage().stdin, stage().stdout, stage().stderr]) assert.ok(stream.destroyed);
    });

  it("says so when there is no terminal to be had", async () => {
    const { target, stage } = theatre({ how: "auto" });
    const session = await Session.start(target, "SCRIPT");
    const line = session.line();
    stage().say(`${FRAME}error sudo.tty alice: sorry\n`);
    stage().end();
    await stage().heard();
    stage().say(`${FRAME}error sudo.tty alice: sorry\n`);
    await assert.rejects(line, (error) => error instanceof AcrnError && error.code === "sudo.tty");
    stage().end();
    await session.close();
  });

  for (const [code, end] of [
    ["ssh.session", "sudo.tty"],
    ["ssh.lost", "ssh.lost"],
    ["ssh.connect.refused", "ssh.connect.refused"],
  ] as const)
    it(`${code} when the terminal is asked for: ${end}`, async () => {
      const { target, stage } = theatre({ how: "auto" });
      const session = await Session.start(target, "SCRIPT");
      target.transport.exec = () => Promise.reject(new AcrnError(code, "it did not start"));
      const line = session.line();
      stage().say(`${FRAME}error sudo.tty alice: sorry\n`);
      stage().end();
      await assert.rejects(line, (error) => error instanceof AcrnError && error.code === end);
      await session.close();
    });

  it("keeps no password that a terminal echoes", async () => {
    const { target, stages, stage } = theatre({ how: "sudo-password", password: PASSWORD });
    const session = await Session.start(target, "SCRIPT");
    const line = session.line();
    stage().say(`${FRAME}error sudo.tty alice: sorry\n`);
    stage().end();
    await stage().heard();
    stage().say(READY);
    stage().say(`${await stage().heard()}${PASSWORD}\nconnection reset\n`);
    stage().end();
    await assert.rejects(line, (error) => {
      assert.ok(error instanceof AcrnError);
      assert.match(error.message, /\*{8}\nconnection reset/);
      assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(PASSWORD));
      return true;
    });
    assert.equal(stages.length, 2);
    await session.close();
  });
});
