// @ts-nocheck: plain JavaScript that the engine loads as it is; types are checked where the product is.
"use strict";
// One claim a resource, so that a host can have five: the kind of the engine tests (test/engine/one-field.js), behind a
// face like the product's, which serialises no closures.
const path = require("node:path");
const pulumi = require("@pulumi/pulumi");

const root = path.dirname(require.resolve("pulumi-acrn/package.json"));
const { identity, typeOf, untraced } = require(path.join(root, "dist/sdk/face"));

const KIND = "OneField";
const PROVIDER = 'exports.handler = () => require(process.cwd() + "/one-field.js").oneField;';

exports.Claim = class extends pulumi.CustomResource {
  constructor(name, { host, ...args }) {
    const all = { plan: undefined, host: host.settings, ...args, ...identity(KIND, name), __provider: PROVIDER };
    const traced = untraced();
    try {
      super(typeOf(KIND), name, all);
    } finally {
      traced();
    }
  }
};
