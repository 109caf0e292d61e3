import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { inspect } from "node:util";
import { Pool } from "../../../provider/host/ssh/pool";
import { needs, optional } from "../../support/needs";
import { ACCOUNT_ROWS } from "./rows/accounts";
import { AGENT_ROWS } from "./rows/agents";
import { USER_CERTIFICATE_ROWS } from "./rows/certificates";
import { HOST_KEY_SETTING_ROWS } from "./rows/host-key-settings";
import { HOST_KEY_ROWS } from "./rows/host-keys";
import { JUMP_ROWS } from "./rows/jumps";
import { KEY_FILE_ROWS } from "./rows/keys";
import { SERVER_ROWS } from "./rows/servers";
import { PASSWORD } from "./support/accounts";
import { type Agents, startAgents } from "./support/agents";
import { ahead } from "./support/ahead";
import { environment, type Ours, ours, theirs } from "./support/compare";
import { type Row, type Stage, writeRow } from "./support/row";
import { type Servers, startServers } from "./support/servers";
import { PASSPHRASE, World } from "./support/world";

/**
 * What `ssh` accepts we accept, what it refuses we refuse: each row is a configuration, run by the real ssh and by us against a real
 * sshd. No row may have us accept what ssh refuses.
 */
describe("against OpenSSH", function () {
  this.timeout(60_000);
  const rows = [
    ...HOST_KEY_ROWS,
    ...HOST_KEY_SETTING_ROWS,
    ...KEY_FILE_ROWS,
    ...USER_CERTIFICATE_ROWS,
    ...AGENT_ROWS,
    ...SERVER_ROWS,
    ...ACCOUNT_ROWS,
    ...JUMP_ROWS,
  ];
  const counts = { accepted: 0, refused: 0, stricter: 0, looser: 0 };
  const stage = {} as Stage;

  before(async function () {
    needs(this, existsSync("/usr/sbin/sshd"), "no sshd");
    stage.world = new World();
    optional(this, stage.world.canServe, "root without /run/sshd and without the right to mount one");
    stage.servers = await startServers(stage.world);
    stage.agents = await startAgents(stage.world);
  });
  after(async () => {
    await Promise.all([(stage.servers as Servers | undefined)?.stop(), (stage.agents as Agents | undefined)?.stop()]);
    stage.world?.remove();
    const { accepted, refused, stricter, looser } = counts;
    const all = accepted + refused + stricter + looser;
    const both = `${accepted} accepted by both, ${refused} refused by both`;
    console.log(`        sshd: ${all} configurations, ${both}, ${stricter} stricter by intent, ${looser} looser`);
  });

  const { result } = ahead(rows.length, 3, async (index) => {
    const row = rows[index] as Row;
    const config = writeRow(stage, row, index);
    return Promise.all([theirs(stage, row, config), ours(stage, row, config)]);
  });

  for (const [index, row] of rows.entries()) {
    it(row.name, async function () {
      if (row.accounts) optional(this, stage.world.accounts, "no right to mount accounts of the test's own");
      const [their, our] = await result(index);
      const seen = `ssh: ${inspect(their)}\nwe: ${inspect(our)}\n${stage.servers.log()}`;
      const theyAccept = their.status !== 255;
      const weAccept = !("error" in our);
      if (weAccept && !theyAccept) counts.looser++;
      assert.ok(theyAccept || !weAccept, `we accept what ssh refuses\n${seen}`);
      judge(row, their.status, our, seen);
      if (weAccept) counts.accepted++;
      else if (theyAccept) counts.stricter++;
      else counts.refused++;
    });
  }

  it("renews keys under a transfer both ways", async () => {
    const config = writeRow(stage, { name: "", door: "rekey", expected: { both: "accept" } }, rows.length);
    const payload = randomBytes(1_000_000);
    const process = await new Pool({ env: environment(stage), idleMs: 1 })
      .transport({ alias: "target", sshConfig: config })
      .exec("cat");
    process.stdin.end(payload);
    process.stderr.resume();
    assert.ok(payload.equals(await buffer(process.stdout)));
    assert.deepEqual(await process.exit, { code: 0 });
  });

  it("are many", () => {
    assert.ok(rows.length >= 60, `${rows.length} rows`);
    assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length, "two rows have one name");
  });
});

/** The row said what happens. */
function judge(row: Row, status: number | undefined, our: Ours, seen: string): void {
  const { expected } = row;
  if ("both" in expected && expected.both === "accept") {
    assert.deepEqual(
      [status, "error" in our ? our.error.code : our.status],
      [expected.status ?? 0, expected.status ?? 0],
      seen,
    );
    return;
  }
  if ("stricter" in expected) assert.equal(status, 0, `ssh was to accept it\n${seen}`);
  else assert.equal(status, 255, `ssh was to refuse it\n${seen}`);
  assert.ok("error" in our, `we were to refuse it\n${seen}`);
  const { error } = our;
  assert.equal(error.code, expected.code, seen);
  assert.match(error.message, expected.says);
  if (!error.code.startsWith("ssh.config.")) assert.match(error.message, PHASE);
  assert.ok(error.hint, "no mend");
  const said = inspect(error, { depth: 20, showHidden: true });
  for (const secret of [PASSWORD, PASSPHRASE, row.password, row.passphrase]) {
    assert.ok(secret === undefined || !said.includes(secret), "a secret in the error");
  }
}

/** Where it went wrong. A configuration that cannot be followed fails before anything is tried. */
const PHASE = /^(\S+: )?(connect|session): /;
