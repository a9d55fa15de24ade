// Poseidon over the scalar field of BN254 (Grassi and others, USENIX Security 2021): S-box x^5, eight full rounds, the
// round constants and the matrix drawn from the paper's Grain generator. The circuits and the prover hash with it.

/** The order of BN254's groups, and so the field of the circuits. */
export const FIELD = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

const FIELD_BITS = 254;
const FULL_ROUNDS = 8;
/** Partial rounds by width; the paper's security argument for this field at 128 bits. */
const PARTIAL_ROUNDS = { 3: 57, 17: 68 };

const parameters = new Map();

/** The constants for states of that width, drawn once. */
export function constants(width) {
  if (!parameters.has(width)) parameters.set(width, draw(width));
  return parameters.get(width);
}

/** The hash of 2 or 16 elements: the first element of the state, whose capacity began at zero. */
export function hash(inputs) {
  const { rounds, matrix, partial } = constants(inputs.length + 1);
  let state = [0n, ...inputs.map((input) => mod(BigInt(input)))];
  rounds.forEach((added, round) => {
    const full = round < FULL_ROUNDS / 2 || round >= FULL_ROUNDS / 2 + partial;
    const mixed = state.map((element, i) => {
      const sum = mod(element + added[i]);
      return full || i === 0 ? power5(sum) : sum;
    });
    state = matrix.map((row) => mod(row.reduce((sum, factor, i) => sum + factor * mixed[i], 0n)));
  });
  return state[0];
}

export function mod(value) {
  const rest = value % FIELD;
  return rest < 0n ? rest + FIELD : rest;
}

function power5(value) {
  const square = (value * value) % FIELD;
  return (((square * square) % FIELD) * value) % FIELD;
}

function draw(width) {
  const partial = PARTIAL_ROUNDS[width];
  if (partial === undefined) throw new Error(`no Poseidon of ${width - 1} inputs here`);
  const bits = grain(width, partial);
  const rounds = Array.from({ length: FULL_ROUNDS + partial }, () =>
    Array.from({ length: width }, () => element(bits)),
  );
  const points = Array.from({ length: 2 * width }, () => mod(integer(bits)));
  const matrix = Array.from({ length: width }, (_, row) =>
    Array.from({ length: width }, (_, column) => inverse(mod(points[row] + points[width + column]))),
  );
  return { rounds, matrix, partial };
}

/** A field element: the first draw that is below the order. */
function element(bits) {
  for (;;) {
    const drawn = integer(bits);
    if (drawn < FIELD) return drawn;
  }
}

function integer(bits) {
  let drawn = 0n;
  for (let i = 0; i < FIELD_BITS; i++) drawn = (drawn << 1n) | BigInt(bits());
  return drawn;
}

/** The paper's generator: an 80-bit shift register that begins with the parameters, and thins its own output. */
function grain(width, partial) {
  const state = [
    ...binary(1, 2), // a prime field
    ...binary(0, 4), // x^5
    ...binary(FIELD_BITS, 12),
    ...binary(width, 12),
    ...binary(FULL_ROUNDS, 10),
    ...binary(partial, 10),
    ...binary(2 ** 30 - 1, 30),
  ];
  const step = () => {
    const next = state[62] ^ state[51] ^ state[38] ^ state[23] ^ state[13] ^ state[0];
    state.shift();
    state.push(next);
    return next;
  };
  for (let i = 0; i < 160; i++) step();
  return () => {
    for (;;) {
      const kept = step();
      const bit = step();
      if (kept) return bit;
    }
  };
}

function binary(value, length) {
  return [...value.toString(2).padStart(length, "0")].map(Number);
}

function inverse(value) {
  let result = 1n;
  let base = value;
  for (let exponent = FIELD - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % FIELD;
    base = (base * base) % FIELD;
  }
  return result;
}
