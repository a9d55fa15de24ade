// Runs the contracts' tests: forge over the sources and their planted bugs, then the artifacts on the dev chain.
//
//   node contracts/test.js [forge arguments, such as --match-test claim]
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { anvil } from "./chain.js";
import { checkGas } from "./gas.js";
import { writeMutants } from "./mutants.js";
import { deployed, fail, readArtifact, root } from "./sources.js";
import { writeVectors } from "./vectors.js";

const packaged = join(root, "node_modules/@foundry-rs/forge-linux-amd64/bin/forge");
const forge = process.env.FORGE ?? packaged;

const absent = [forge, anvil].filter((program) => !existsSync(program));
if (absent.length === 0) {
  writeVectors();
  writeMutants();
  checkFormat();
  runForge();
  compareBytecode();
  await checkGas();
} else if (process.platform === "linux" && process.arch === "x64") {
  fail(`Missing: ${absent.join(", ")}. Run: npm --prefix chain-anchor ci --ignore-scripts.`);
} else {
  console.log(
    `SKIPPED: the contract tests need forge and anvil, which are not packaged for ${process.platform} ${process.arch}.` +
      " Install Foundry 1.7, and set FORGE and ANVIL to its programs, to run them.",
  );
}

function checkFormat() {
  const run = spawnSync(forge, ["fmt", "--check", "--root", root], { cwd: root, encoding: "utf8" });
  if (run.status !== 0) fail(`${run.stdout}${run.stderr}Not formatted. Run: forge fmt --root chain-anchor.`);
}

/** Says one line when all is well, and everything forge said when not, or when asked for particular tests. */
function runForge() {
  const options = process.argv.slice(2);
  const run = spawnSync(forge, ["test", "--root", root, ...options], { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  if (run.error) fail(`forge did not start: ${run.error.message}.`);
  const failed = run.status !== 0;
  process.stdout.write(failed || options.length > 0 ? run.stdout : run.stdout.trimEnd().split("\n").at(-1) + "\n");
  if (failed) fail(`${run.stderr}A contract test failed; forge names it above.`);
}

/** What was tested must be what is deployed. */
function compareBytecode() {
  for (const [contract, source] of Object.entries(deployed)) {
    const file = join(root, "target/forge/out", source.split("/").pop(), `${contract}.json`);
    const tested = JSON.parse(readFileSync(file, "utf8")).bytecode.object;
    if (tested !== readArtifact(contract).bytecode) {
      fail(`forge compiled ${contract} to other bytes than ${contract}.json holds: foundry.toml and sources.js differ.`);
    }
  }
}
