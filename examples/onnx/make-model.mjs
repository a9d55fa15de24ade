// SPDX-License-Identifier: Apache-2.0
//
// Makes the example, the same bytes each time: a small network of two layers as a file of ONNX, rows to ask it about,
// and what it must answer, computed here in doubles by code of its own. The first output repeats the first column, so
// that an answer can be told by its row.
//
//   node examples/onnx/make-model.mjs [FOLDER]

import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = process.argv[2] ?? dirname(fileURLToPath(import.meta.url));
const [COLUMNS, HIDDEN, SCORES, ROWS] = [4, 16, 3, 8];

// Numbers from a seed (xorshift of 32 bits), as floats.
let state = 20261123;
const draw = () => {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return Math.fround(((state >>> 0) / 2 ** 32) * 2 - 1);
};
const numbers = (count) => Float32Array.from({ length: count }, draw);

// Protocol Buffers: a tag of field and type, then a number or so many bytes.
const varint = (value) => {
  const bytes = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left]);
    bytes.push((left % 128) + 128);
  }
};
const number = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);
const bytes = (field, value) => Buffer.concat([varint(field * 8 + 2), varint(value.length), value]);
const text = (field, value) => bytes(field, Buffer.from(value));
const message = (field, ...parts) => bytes(field, Buffer.concat(parts));

const raw = (floats) => Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength);
const FLOAT = 1;
const tensor = (name, shape, floats) =>
  message(5, ...shape.map((size) => number(1, size)), number(2, FLOAT), text(8, name), bytes(9, raw(floats)));
const port = (field, name, columns) =>
  message(
    field,
    text(1, name),
    message(2, message(1, number(1, FLOAT), message(2, message(1, text(2, "rows")), message(1, number(1, columns))))),
  );
const operator = (kind, inputs, output, ...attributes) =>
  message(1, ...inputs.map((name) => text(1, name)), text(2, output), text(4, kind), ...attributes);
const INT = 2;
const integer = (name, value) => message(5, text(1, name), number(3, value), number(20, INT));

const [a, b, c] = [numbers(COLUMNS * HIDDEN), numbers(HIDDEN), numbers(HIDDEN * SCORES)];
const pick = Float32Array.from({ length: COLUMNS }, (_, i) => (i === 0 ? 1 : 0));
const graph = message(
  7,
  operator("MatMul", ["x", "pick"], "first"),
  operator("MatMul", ["x", "a"], "p"),
  operator("Add", ["p", "b"], "q"),
  operator("Tanh", ["q"], "h"),
  operator("MatMul", ["h", "c"], "s"),
  operator("Concat", ["first", "s"], "y", integer("axis", 1)),
  text(2, "scores"),
  tensor("pick", [COLUMNS, 1], pick),
  tensor("a", [COLUMNS, HIDDEN], a),
  tensor("b", [1, HIDDEN], b),
  tensor("c", [HIDDEN, SCORES], c),
  port(11, "x", COLUMNS),
  port(12, "y", SCORES + 1),
);
writeFileSync(join(HERE, "model.onnx"), Buffer.concat([number(1, 8), graph, message(8, number(2, 17))]));

// safetensors: the header's length, the header padded to eight, the numbers.
const x = numbers(ROWS * COLUMNS);
const header = JSON.stringify({ x: { dtype: "F32", shape: [ROWS, COLUMNS], data_offsets: [0, x.byteLength] } });
const padded = Buffer.from(header.padEnd(Math.ceil(header.length / 8) * 8));
const length = Buffer.alloc(8);
length.writeBigUInt64LE(BigInt(padded.length));
writeFileSync(join(HERE, "rows.safetensors"), Buffer.concat([length, padded, raw(x)]));

const lines = [];
for (let row = 0; row < ROWS; row++) {
  const scores = new Array(SCORES).fill(0);
  for (let j = 0; j < HIDDEN; j++) {
    let sum = b[j];
    for (let k = 0; k < COLUMNS; k++) sum += x[row * COLUMNS + k] * a[k * HIDDEN + j];
    for (let s = 0; s < SCORES; s++) scores[s] += Math.tanh(sum) * c[j * SCORES + s];
  }
  lines.push([x[row * COLUMNS], ...scores].map((value) => value.toFixed(5)).join(" "));
}
writeFileSync(join(HERE, "expected.txt"), lines.join("\n") + "\n");
