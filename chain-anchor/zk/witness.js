// Checks a witness against a circuit's constraints, line by line, with no part of the prover: what a prover that lies
// about its witness is up against.
import * as snarkjs from "snarkjs";
import { join } from "node:path";
import { FIELD, mod } from "./poseidon.js";

/** @returns the lines of a compiled circuit: each says A(w) * B(w) = C(w). */
export async function constraints(folder, circuit) {
  const read = await snarkjs.r1cs.exportJson(join(folder, `${circuit}.r1cs`));
  const sum = (side) => Object.entries(side).map(([wire, factor]) => [Number(wire), BigInt(factor)]);
  return {
    lines: read.constraints.map((line) => line.map(sum)),
    publicWires: read.nOutputs + read.nPubInputs,
    wires: read.nVars,
  };
}

/** @returns the witness that the circuit's own program computes. */
export async function honestWitness(folder, circuit, inputs) {
  const file = join(folder, `${circuit}.wtns`);
  await snarkjs.wtns.calculate(inputs, join(folder, `${circuit}_js/${circuit}.wasm`), file);
  return (await snarkjs.wtns.exportJson(file)).map(BigInt);
}

/** @returns the number of the first line that does not hold; -1 if all do. */
export function violated({ lines }, witness) {
  const value = (sum) => sum.reduce((total, [wire, factor]) => total + factor * witness[wire], 0n) % FIELD;
  return lines.findIndex(([a, b, c]) => mod(value(a) * value(b) - value(c)) !== 0n);
}
