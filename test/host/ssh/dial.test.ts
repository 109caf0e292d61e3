import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { systemEnvironment } from "../../../provider/host/ssh/env";
import { isUnreachable } from "../../../provider/host/ssh/errors";
import type { Connection } from "../../../provider/host/ssh/link/connection";
import { dial } from "../../../provider/host/ssh/link/dial";
import { resolve } from "../../../provider/host/ssh/resolve";
import { failure } from "./support";

describe("dial through a jump host that goes on waiting for the target", () => {
  const to = resolve({ host: "cell", jump: "bastion", connectTimeout: 0.05, sshConfig: false }, systemEnvironment());

  it("ends in time, and closes what comes late", async () => {
    const channel = new PassThrough();
    let held = 0;
    let arrive: (stream: PassThrough) => void = () => {};
    const jump = {
      hold: () => held++,
      release: () => held--,
      forward: () => new Promise<PassThrough>((settle) => (arrive = settle)),
    };
    const files = { ...systemEnvironment(), readFile: () => undefined };
    const options = { files, timeoutMs: 50, jump: jump as unknown as Connection, times: {}, onClose: () => {} };
    const error = await failure(dial(to, options));
    assert.equal(error.code, "ssh.connect.timeout");
    assert.match(error.message, /no answer within 0.05 s \(connect via bastion\)/);
    assert.ok(isUnreachable(error));
    assert.equal(held, 0);
    arrive(channel);
    await new Promise((settle) => setImmediate(settle));
    assert.ok(channel.destroyed);
  });
});
