#!/usr/bin/env node

// `lab-build BOARD.xml SCENARIO.xml OUT [--fail] [--hang] [--die] [--slow=MS] [--wrong-clos]`: what the lab has for `make hypervisor`.
require("ts-node").register({ transpileOnly: true, cwd: __dirname });
require("./main").main(process.argv.slice(2));
