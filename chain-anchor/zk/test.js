// Tests circuits, keys and contract together: honest proofs pass, everything else does not.
//
//   node zk/test.js             what every build runs
//   node zk/test.js thorough    every wire, every planted bug, and the ceremony made again
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { build, circuits, here, out } from "./build.js";
import { published, publishedKeys, recipe } from "./keys.js";
import { contractTests } from "./contract-test.js";
import { plantedBugs } from "./planted.js";
import { statements } from "./prove.js";
import { draws } from "./sample.js";
import { constraints, honestWitness, violated } from "./witness.js";

const MUTATIONS = 1000;
const thorough = process.argv[2] === "thorough";

/** Says what held, or ends the run. */
export function check(held, sentence) {
  if (held) return;
  console.error(`zk: FAILED: ${sentence}`);
  process.exit(1);
}

build();
keysStandForCircuits();
await noWireIsFree();
console.log(`zk: ${await plantedBugs(check, thorough ? undefined : 1)} planted bugs of the circuits were found`);
console.log(await contractTests(check, MUTATIONS));
if (thorough) {
  const run = spawnSync(process.execPath, [join(here, "ceremony.js"), "check"], { stdio: "inherit" });
  check(run.status === 0, "the committed keys are what their recipe makes");
}
process.exit(0);

function keysStandForCircuits() {
  const { constraints: compiled, files } = recipe();
  const digest = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");
  for (const circuit of circuits) {
    check(
      digest(join(out, `${circuit}.r1cs`)) === compiled[circuit],
      `keys/${circuit}.zkey is for other constraints than the circuit has; run: npm run zk-ceremony`,
    );
  }
  for (const [file, wanted] of Object.entries(files)) {
    check(digest(join(here, "keys", file)) === wanted, `keys/${file} is the file of the recipe`);
  }
  check(readFileSync(published, "utf8") === publishedKeys(), `${published} holds the committed keys`);
}

/** A wire that may take another value while all others stay is one that no line holds. */
async function noWireIsFree() {
  for (const circuit of circuits) {
    const draw = draws(`wires of the ${circuit}`);
    const request = { model: draw.model(), owner: "0xabc", x: draw.input(), inputSalt: draw.secret(), job: "0x123" };
    const compiled = await constraints(out, circuit);
    const witness = await honestWitness(out, circuit, statements[circuit](request).inputs);
    check(violated(compiled, witness) === -1, `the honest witness of the ${circuit} holds`);
    const tries = thorough ? compiled.wires - 1 : 150;
    for (let i = 0; i < tries; i++) {
      const wire = thorough ? i + 1 : 1 + draw.below(compiled.wires - 1);
      const changed = [...witness];
      changed[wire] += 1n + BigInt(draw.below(1000));
      check(violated(compiled, changed) !== -1, `wire ${wire} of the ${circuit} is held by a line`);
    }
  }
}
