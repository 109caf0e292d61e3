// @ts-nocheck: plain JavaScript that the engine loads as it is; types are checked where the product is.
"use strict";
// A resource of the tests: it claims cpu_affinity of one VM, without any rule, so that a program can have many of them on one
// file. Its kind is in no list of the product; everything else (check, plan, transaction, ledger) is the product's.
const path = require("node:path");
const pulumi = require("@pulumi/pulumi");

const root = path.dirname(require.resolve("pulumi-acrn/package.json"));
const product = (module) => require(path.join(root, "dist", module));
const { resource } = product("provider/lifecycle/resource");
const { affinityId } = product("provider/core/acrn/scenario-surface");
const { z } = require(require.resolve("zod", { paths: [root] }));
const { identity } = product("sdk/face");

const KIND = "OneField";

const kind = {
  type: KIND,
  schema: z.strictObject({ vm: z.string(), pcpus: z.array(z.number()) }),
  onePerMachine: false,
  outputs: [],
  declare: (_view, { vm, pcpus }) => ({
    wishes: [{ field: affinityId(vm), value: pcpus }],
    outputs: {},
    warnings: [],
    refusals: [],
    reasons: [],
  }),
  pending: () => [],
  observe: () => ({}),
};

exports.oneField = resource(kind, () => kind);

/** The serialised part: it finds this file in the program's folder, where the provider process runs. */
const provider = {
  check: (olds, news) => require(`${process.cwd()}/one-field.js`).oneField.check(olds, news),
  diff: (id, olds, news) => require(`${process.cwd()}/one-field.js`).oneField.diff(id, olds, news),
  create: (inputs) => require(`${process.cwd()}/one-field.js`).oneField.create(inputs),
  update: (id, olds, news) => require(`${process.cwd()}/one-field.js`).oneField.update(id, olds, news),
  read: (id, props) => require(`${process.cwd()}/one-field.js`).oneField.read(id, props),
  delete: (id, props) => require(`${process.cwd()}/one-field.js`).oneField.delete(id, props),
};

exports.OneField = class extends pulumi.dynamic.Resource {
  constructor(name, { host, ...args }, opts) {
    const outputs = { plan: undefined, machine: undefined, pending: undefined };
    super(
      provider,
      name,
      { ...outputs, ...args, host: host.settings, ...identity(KIND, name, opts) },
      opts,
      "acrn",
      KIND,
    );
  }
};
