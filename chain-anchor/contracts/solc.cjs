#!/usr/bin/env node
// The solc that forge calls: the compiler from npm behind the two options of the native one that forge uses.
const { readFileSync } = require("node:fs");
const solc = require("solc");

const [option] = process.argv.slice(2);
if (option === "--version") {
  console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
} else if (process.argv.includes("--standard-json")) {
  process.stdout.write(solc.compile(readFileSync(0, "utf8")));
} else {
  console.error(`solc.cjs knows --version and --standard-json, not: ${process.argv.slice(2).join(" ")}`);
  process.exitCode = 1;
}
