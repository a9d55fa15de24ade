// Proves a statement about a private model, on the machine of who holds it. Reads one JSON object from standard input and
// writes one to standard output; weights and inputs are in the first only.
//
//   node zk/prove.js registration   {"model": {…}, "owner": "0x…"}
//   node zk/prove.js inference      {"model": {…}, "x": […], "inputSalt": "0x…", "job": "0x…"}
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as snarkjs from "snarkjs";
import { build, here, out } from "./build.js";
import { FIELD } from "./poseidon.js";
import { commitment, compute, inputCommitment, pack, packOutput, readInput, readModel, secret } from "./model.js";

const INPUT_BYTES_MAX = 1 << 20;

/** What each circuit takes, and the signals that must come of it, computed without the circuit. */
export const statements = {
  registration({ model, owner }) {
    const read = readModel(model);
    return {
      inputs: { ...read, owner: number("owner", owner) },
      signals: [commitment(pack(read)), number("owner", owner)],
    };
  },

  inference({ model, x, inputSalt, job }) {
    const read = readModel(model);
    const packed = pack(read);
    const values = readInput(x);
    const salt = secret("inputSalt", inputSalt);
    const output = compute(read, values);
    return {
      inputs: { ...packed, x: values, inputSalt: salt, job: number("job", job) },
      signals: [commitment(packed), inputCommitment(values, salt), packOutput(output), number("job", job)],
      output: output.map(Number),
    };
  },
};

export async function prove(circuit, request) {
  build();
  const statement = statements[circuit](request);
  const program = join(out, `${circuit}_js/${circuit}.wasm`);
  const key = join(here, "keys", `${circuit}.zkey`);
  const { proof, publicSignals } = await snarkjs.groth16.fullProve(statement.inputs, program, key);
  if (publicSignals.join() !== statement.signals.join()) {
    throw new Error(`the circuit computes ${publicSignals}, the plain model ${statement.signals}`);
  }
  return { signals: statement.signals.map(word), proof: encode(proof), output: statement.output };
}

/** A proof as the precompiles take it: A, B with imaginary parts first, C. */
export function encode({ pi_a, pi_b, pi_c }) {
  return "0x" + [...g1(pi_a), ...g2(pi_b), ...g1(pi_c)].map((value) => word(value).slice(2)).join("");
}

/** A verification key in the order that Groth16.sol and Groth16Key.java read. */
export function encodeKey({ vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2, IC }) {
  const words = [...g1(vk_alpha_1), ...g2(vk_beta_2), ...g2(vk_gamma_2), ...g2(vk_delta_2), ...IC.flatMap(g1)];
  return "0x" + words.map((value) => word(value).slice(2)).join("");
}

export function word(value) {
  return "0x" + BigInt(value).toString(16).padStart(64, "0");
}

function g1([x, y]) {
  return [x, y];
}

function g2([x, y]) {
  return [x[1], x[0], y[1], y[0]];
}

function number(name, text) {
  if (!/^0x[0-9a-f]{1,64}$/.test(text) || BigInt(text) >= FIELD) throw new Error(`${name} must be 0x… below the field`);
  return BigInt(text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const text = readFileSync(0);
    if (text.length > INPUT_BYTES_MAX) throw new Error("the request is longer than 1 MiB");
    if (!statements[process.argv[2]]) throw new Error("Usage: node zk/prove.js registration|inference");
    console.log(JSON.stringify(await prove(process.argv[2], JSON.parse(text))));
    process.exit(0);
  } catch (refused) {
    console.error(refused.message);
    process.exit(1);
  }
}
