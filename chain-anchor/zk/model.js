// The model in plain integers, and how it is packed for the circuits. circuits/model.circom says what each number is for.
import { hash, mod } from "./poseidon.js";

const INPUTS = 16;
const HIDDEN = 12;
const OUTPUTS = 4;
const LIMB_BITS = 20n;
const HALF_LIMB = 1n << 19n;

/** @returns the model checked number by number, as BigInts. */
export function readModel({ first, firstBias, second, secondBias, salt }) {
  return {
    first: rows("first", first, HIDDEN, INPUTS, 8),
    firstBias: numbers("firstBias", firstBias, HIDDEN, 18),
    second: rows("second", second, OUTPUTS, HIDDEN, 8),
    secondBias: numbers("secondBias", secondBias, OUTPUTS, 18),
    salt: secret("salt", salt),
  };
}

export function readInput(x) {
  return numbers("x", x, INPUTS, 8);
}

/** @returns a number that must stay unknown to others; 128 bits at the least, or guesses could be tried. */
export function secret(name, text) {
  if (!/^0x[0-9a-f]{32,62}$/.test(text)) throw new Error(`${name} must be 0x and 32 to 62 lower-case hex digits`);
  return BigInt(text);
}

/** The columns that the circuits multiply with. */
export function pack({ first, firstBias, second, secondBias, salt }) {
  const column = (matrix, i) => limbs(matrix.map((row) => row[i]));
  return {
    first: Array.from({ length: INPUTS }, (_, i) => column(first, i)),
    second: Array.from({ length: HIDDEN }, (_, i) => column(second, i)),
    firstBias: limbs(firstBias),
    secondBias: limbs(secondBias),
    salt,
  };
}

export function commitment({ first, second, firstBias, secondBias, salt }) {
  return hash([hash(first), ...second, firstBias, secondBias, salt]);
}

export function inputCommitment(x, salt) {
  return hash([x.reduce((sum, value, i) => sum + ((value + 128n) << (8n * BigInt(i))), 0n), salt]);
}

/** The four outputs, computed as anybody would. */
export function compute({ first, firstBias, second, secondBias }, x) {
  const hidden = first.map((row, o) => {
    const shifted = (dot(row, x) + firstBias[o]) >> 7n;
    return shifted < 0n ? 0n : shifted > 127n ? 127n : shifted;
  });
  return second.map((row, o) => dot(row, hidden) + secondBias[o]);
}

/** Outputs as the one public signal. */
export function packOutput(outputs) {
  return outputs.reduce((sum, value, o) => sum + ((value + HALF_LIMB) << (LIMB_BITS * BigInt(o))), 0n);
}

function limbs(values) {
  return mod(values.reduce((sum, value, o) => sum + (value << (LIMB_BITS * BigInt(o))), 0n));
}

function dot(left, right) {
  return left.reduce((sum, value, i) => sum + value * right[i], 0n);
}

function rows(name, matrix, height, width, bits) {
  if (!Array.isArray(matrix) || matrix.length !== height) throw new Error(`${name} must be ${height} lists`);
  return matrix.map((row, i) => numbers(`${name}[${i}]`, row, width, bits));
}

function numbers(name, list, length, bits) {
  const end = 2 ** (bits - 1);
  const fits = (value) => Number.isInteger(value) && value >= -end && value < end;
  if (!Array.isArray(list) || list.length !== length || !list.every(fits)) {
    throw new Error(`${name} must be ${length} whole numbers from ${-end} to ${end - 1}`);
  }
  return list.map(BigInt);
}
