import assert from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { withLab } from "../support/engine-lab";
import type { Run } from "../support/engine-run";
import { EngineStack } from "../support/engine-stack";

const PASSWORD = "correct-horse-7";
const WRONG = "wrong-donkey-8";

/** Both passwords are in the program only; the machine takes no key, and sudo asks. */
const program = (login: string, sudo: string, more = "", end = "") => `
const secret = { privateKeyFile: undefined, password: pulumi.secret("${login}"), sudoPassword: pulumi.secret("${sudo}") };
const { privateKeyFile, ...rest } = at.cell;
const host = new AcrnHost("host", { connection: { ...rest, password: secret.password, sudoPassword: secret.sudoPassword${more} } });
new CorePartition("cores", { host, vms: { POST_RT_VM1: [5, 6] } });
${end}exports.board = host.facts.apply((facts) => facts.board.value);`;

describe("engine: a password is nowhere", function () {
  const lab = withLab(this, [
    { name: "cell", users: { acrn: { password: PASSWORD } }, authorizedKeys: [], sudo: "password" },
  ]);
  let stack: EngineStack;
  before(async () => {
    stack = await EngineStack.create(lab(), "secrets");
    stack.program(program(PASSWORD, PASSWORD));
  });

  function assertSilent(where: string, text: string): void {
    for (const secret of [PASSWORD, WRONG])
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")])
        assert.ok(!text.includes(form), `${where} holds ${form}`);
  }

  async function run(...args: string[]): Promise<Run> {
    const done = await stack.run(args, { env: { PULUMI_EXPERIMENTAL: "true" } });
    assertSilent(`the output of ${args.join(" ")}`, done.text);
    return done;
  }

  it("neither in the preview nor in a saved plan", async () => {
    const file = join(stack.dir, "plan.json");
    const preview = await run("preview", "--diff", "--show-full-output", "--save-plan", file);
    assert.strictEqual(preview.status, 0, preview.text);
    assertSilent("the plan", readFileSync(file, "utf8"));
  });

  it("nor in the log of an up or in the state, where it lies encrypted", async () => {
    const up = await run("up", "--diff", "--show-full-output");
    assert.strictEqual(up.status, 0, up.text);
    assertSilent("the state", stack.stateText());
    const { inputs, outputs } = stack.resource("cores");
    for (const bag of [inputs, outputs]) {
      const { connection } = bag.host as { connection: { password?: { ciphertext?: string } } };
      assert.ok(JSON.stringify(bag.host).includes("ciphertext"), JSON.stringify(connection));
    }
    const again = await run("preview", "--json");
    assert.strictEqual(again.status, 0, again.text);
  });

  it("nor where the program gives it in plain text: of the host, of a jump, of a guest", async () => {
    const guest = `new Activation("activation", { host, guests: { POST_RT_VM1: { ssh: { host: "192.168.1.10", password: "${WRONG}", jump: { host: "192.168.1.9", passphrase: "${WRONG}" } } } } });\n`;
    stack.program(program(PASSWORD, PASSWORD, "", guest).replace(/pulumi\.secret\(("[^"]*")\)/g, "$1"));
    const up = await run("up", "--diff", "--show-full-output");
    assert.strictEqual(up.status, 0, up.text);
    assertSilent("the state", stack.stateText());
    assert.match(JSON.stringify(stack.resource("activation").inputs.guests), /"host":"192\.168\.1\.10".*ciphertext/);
    stack.program(program(PASSWORD, PASSWORD));
    assert.strictEqual((await run("up")).status, 0);
  });

  /** Row by row: what is wrong, and what the message has to say instead of the value. */
  const mistakes = [
    { title: "a wrong login password", text: program(WRONG, PASSWORD), command: "up", says: /login as acrn refused/ },
    {
      title: "a wrong sudo password",
      text: program(PASSWORD, WRONG),
      command: "preview",
      says: /sudo did not take the password/,
    },
    { title: "a mistake beside it", text: program(PASSWORD, PASSWORD, ", prot: 22"), command: "preview", says: /prot/ },
  ];
  for (const { title, text, command, says } of mistakes)
    it(`nor in the message of ${title}`, async () => {
      stack.program(text);
      const failed = await run(command);
      assert.notStrictEqual(failed.status, 0, failed.text);
      assert.match(failed.text, says);
      assertSilent("the state", stack.stateText());
    });

  it("nor in a destroy, which still needs it", async () => {
    const gone = await run("destroy");
    assert.strictEqual(gone.status, 0, gone.text);
    assertSilent("the state", stack.stateText());
  });
});
