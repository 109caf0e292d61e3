import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { hideCredentials } from "../../sdk/credentials";

const secret = async (value: unknown): Promise<boolean> =>
  pulumi.Output.isInstance(value) && (await pulumi.isSecret(value as pulumi.Output<unknown>));

describe("credentials in a program's arguments", () => {
  it("are secrets one by one, at whatever depth, and nothing else is", async () => {
    const connection = {
      host: "h",
      password: "a",
      sudoPassword: "b",
      jump: { host: "j", privateKey: "c", agent: false },
    };
    const { host, password, sudoPassword, jump } = hideCredentials(connection);
    assert.deepEqual([host, jump.host, jump.agent], ["h", "j", false]);
    for (const each of [password, sudoPassword, jump.privateKey]) assert.ok(await secret(each), String(each));
  });

  it("what is known later is a secret as a whole, where it holds one", async () => {
    const later = <T>(value: T) => hideCredentials({ guests: pulumi.output(value) }).guests;
    assert.ok(await secret(later({ RT: { ssh: { host: "h", passphrase: "p" } } })));
    assert.ok(!(await secret(later({ RT: { ssh: "root@h" } }))));
    assert.ok(await secret(hideCredentials({ guests: Promise.resolve({ RT: { ssh: { password: "p" } } }) }).guests));
  });

  it("a secret stays one, and what is left out stays out", async () => {
    const { password, passphrase, allow } = hideCredentials({
      password: pulumi.secret("p"),
      passphrase: undefined,
      allow: ["host-reboot"],
    });
    assert.ok(await secret(password));
    assert.deepEqual([passphrase, allow], [undefined, ["host-reboot"]]);
  });
});
