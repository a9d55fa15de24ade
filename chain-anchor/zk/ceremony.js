// Makes the development keys from a published seed, step by step the same on every machine.
//
//   node zk/ceremony.js write   makes the keys again: some minutes of CPU
//   node zk/ceremony.js check   makes them again and fails if the committed ones are other bytes
//
// INSECURE BY DESIGN: who knows the seed, and everybody does, can prove anything. A ceremony for real use needs people
// who each forget a secret; the verifier contract of these keys says DEVELOPMENT on the chain.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as snarkjs from "snarkjs";
import { build, circuits, here, out } from "./build.js";
import { publishedKeys, published } from "./keys.js";

const SEED = "openledger development ceremony 1: insecure, everybody knows this sentence";
/** 2^12 constraints at the most. */
const POWER = 12;
/** 2^10 hashes on top of the seed, the least that the tool takes. */
const BEACON_EXPONENT = 10;

const modes = { write, check };
const mode = modes[process.argv[2]];
if (!mode) {
  console.error("Usage: node zk/ceremony.js write|check");
  process.exit(1);
}
await mode();
process.exit(0);

async function write() {
  const made = await ceremony();
  mkdirSync(join(here, "keys"), { recursive: true });
  for (const file of Object.keys(made.files)) copyFileSync(join(out, file), join(here, "keys", file));
  writeFileSync(join(here, "keys/recipe.json"), JSON.stringify(made, null, 2) + "\n");
  writeFileSync(published, publishedKeys());
}

async function check() {
  const committed = JSON.parse(readFileSync(join(here, "keys/recipe.json"), "utf8"));
  const made = await ceremony();
  for (const [name, digest] of Object.entries(committed.files)) {
    const kept = sha256(join(here, "keys", name));
    if (kept !== digest || made.files[name] !== digest) {
      console.error(`keys/${name} is not what the recipe makes: ${kept}, recorded ${digest}, made ${made.files[name]}`);
      process.exit(1);
    }
  }
  console.log("The development keys are what their recipe makes.");
}

async function ceremony() {
  build();
  const powers = await powersOfTau();
  const files = {};
  for (const circuit of circuits) {
    const half = join(out, `${circuit}_0.zkey`);
    const key = join(out, `${circuit}.zkey`);
    await snarkjs.zKey.newZKey(join(out, `${circuit}.r1cs`), powers, half);
    await snarkjs.zKey.beacon(half, key, "development", seed(circuit), BEACON_EXPONENT);
    const verification = await snarkjs.zKey.exportVerificationKey(key);
    writeFileSync(join(out, `${circuit}.json`), JSON.stringify(verification, null, 1) + "\n");
    for (const file of [`${circuit}.zkey`, `${circuit}.json`]) files[file] = sha256(join(out, file));
  }
  const constraints = Object.fromEntries(circuits.map((circuit) => [circuit, sha256(join(out, `${circuit}.r1cs`))]));
  return { ceremony: "development", seed: SEED, power: POWER, constraints, files };
}

async function powersOfTau() {
  const last = join(out, "powers.ptau");
  // The powers do not depend on the circuits; a check makes them again all the same.
  if (process.argv[2] === "write" && existsSync(last)) return last;
  const curve = await snarkjs.curves.getCurveFromName("bn128");
  const [first, second] = ["0", "1"].map((step) => join(out, `powers_${step}.ptau`));
  await snarkjs.powersOfTau.newAccumulator(curve, POWER, first);
  await snarkjs.powersOfTau.beacon(first, second, "development", seed("powers"), BEACON_EXPONENT);
  await snarkjs.powersOfTau.preparePhase2(second, last);
  return last;
}

function seed(step) {
  return createHash("sha256").update(`${SEED}/${step}`).digest("hex");
}

function sha256(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
