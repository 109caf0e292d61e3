import assert from "node:assert/strict";
import { type ConnectionSpec, label } from "../../../provider/host/ssh/spec";
import { alias, resolved } from "./config-world";

describe("ssh_config: jump hosts", () => {
  const rows: [name: string, config: string, spec: ConnectionSpec, label: string][] = [
    ["ProxyJump", "Host cell-7\n ProxyJump bastion", alias, "ssh://me@cell-7:22 (via bastion)"],
    ["with user and port", "Host cell-7\n ProxyJump a@bastion:99", alias, "ssh://me@cell-7:22 (via bastion)"],
    ["a chain, nearest last", "Host cell-7\n ProxyJump first,second", alias, "ssh://me@cell-7:22 (via first, second)"],
    ["the jump host's own", "Host cell-7\n ProxyJump b\nHost b\n ProxyJump a", alias, "ssh://me@cell-7:22 (via a, b)"],
    ["with a remark right behind it", "Host cell-7\n ProxyJump a,b#c # d", alias, "ssh://me@cell-7:22 (via a, b)"],
    ["none", "Host cell-7\n ProxyJump none\nHost *\n ProxyJump b", alias, "ssh://me@cell-7:22"],
    ["given none", "Host *\n ProxyJump b", { ...alias, jump: "none" }, "ssh://me@cell-7:22"],
    [
      "given",
      "Host *\n ProxyCommand nc %h %p",
      { ...alias, jump: { host: "j", jump: "none" } },
      "ssh://me@cell-7:22 (via j)",
    ],
    ["an address in brackets", "", { ...alias, jump: "root@[fd00::1]:2222" }, "ssh://me@cell-7:22 (via fd00::1)"],
    ["as a URI", "", { ...alias, jump: "ssh://root@j:2222" }, "ssh://me@cell-7:22 (via j)"],
  ];
  for (const [name, config, spec, expected] of rows) {
    it(name, () => assert.equal(label(resolved(config, spec)), expected));
  }

  it("is looked up in ssh_config itself", () => {
    const { jump } = resolved("Host cell-7\n ProxyJump a@b:99\nHost b\n HostName 10.0.0.1\n Port 5\n IdentityFile /k");
    assert.deepEqual([jump?.host, jump?.port, jump?.user, jump?.identities[0]?.file], ["10.0.0.1", 99, "a", "/k"]);
  });

  it("never gets the target's keys and passwords", () => {
    const secrets = { password: "p1", passphrase: "p2", privateKey: "p3", hostKey: "SHA256:".padEnd(50, "a") };
    const { jump } = resolved("", { ...alias, ...secrets, jump: "b" });
    assert.doesNotMatch(JSON.stringify(jump), /p1|p2|p3|aaaa/);
  });
});
