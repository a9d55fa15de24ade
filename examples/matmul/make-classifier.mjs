// SPDX-License-Identifier: Apache-2.0
//
// Makes the example, the same bytes each time: draws digits of seven segments on 8 × 8 pixels, fits a small classifier
// to one half of them, rounds it to int8, and writes network.olmm, digits.bin (the other half) and expected.txt. The
// result that a node must give is computed here by code of its own, down to the root of the trace.
//
//   node examples/matmul/make-classifier.mjs

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const [PIXELS, HIDDEN, CLASSES, TRAINING, ROWS, SHIFT] = [64, 48, 10, 1500, 200, 7];

// Numbers from a seed (xorshift of 32 bits).
let state = 20260731;
const draw = () => {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
};

// Which of the segments a (top), b, c, d (bottom), e, f, g (middle) are lit.
const SEGMENTS = ["abcdef", "bc", "abdeg", "abcdg", "bcfg", "acdfg", "acdefg", "abc", "abcdefg", "abcdfg"];
const PLACES = {
  a: [[1, 2], [1, 3], [1, 4], [1, 5]], g: [[4, 2], [4, 3], [4, 4], [4, 5]], d: [[7, 2], [7, 3], [7, 4], [7, 5]],
  f: [[1, 2], [2, 2], [3, 2], [4, 2]], b: [[1, 5], [2, 5], [3, 5], [4, 5]],
  e: [[4, 2], [5, 2], [6, 2], [7, 2]], c: [[4, 5], [5, 5], [6, 5], [7, 5]],
};

function digit(label) {
  const ink = new Float64Array(PIXELS);
  const [down, right] = [0, Math.floor(draw() * 2)];
  for (const segment of SEGMENTS[label]) {
    for (const [y, x] of PLACES[segment]) ink[(y + down) * 8 + x + right] = 1;
  }
  return Int8Array.from(ink, (lit) => Math.round(Math.max(-127, Math.min(127, (lit ? 70 : -70) + (draw() - 0.5) * 110))));
}

const drawn = (count) => Array.from({ length: count }, (_, i) => ({ label: i % CLASSES, pixels: digit(i % CLASSES) }));
const training = drawn(TRAINING);
const test = drawn(ROWS);

// A hidden layer of random signs, and on top the mean of all that a perceptron tried: whole numbers, so that the bytes
// come out the same anywhere.
const first = Int8Array.from({ length: PIXELS * HIDDEN }, () => Math.floor(draw() * 31) - 15);
const clamp8 = (value) => Math.max(-128, Math.min(127, value));
const requantise = (value) => clamp8(Math.floor((value + 2 ** (SHIFT - 1)) / 2 ** SHIFT));
const product = (rows, left, inner, right, columns) => {
  const sums = new Int32Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < inner; k++)
      for (let j = 0; j < columns; j++) sums[i * columns + j] += left[i * inner + k] * right[k * columns + j];
  return sums;
};
const hidden = (pixels) => Int8Array.from(product(1, pixels, PIXELS, first, HIDDEN), (v) => requantise(Math.max(0, v)));
const weights = new Float64Array((HIDDEN + 1) * CLASSES);
const fitted = new Float64Array(weights.length);
const features = training.map(({ pixels }) => [...hidden(pixels), 64]);
const best = (scores) => scores.indexOf(scores.reduce((a, b) => Math.max(a, b)));
for (let epoch = 0; epoch < 12; epoch++) {
  training.forEach(({ label }, n) => {
    const scores = Array.from({ length: CLASSES }, (_, j) => features[n].reduce((sum, f, k) => sum + f * weights[k * CLASSES + j], 0));
    const guess = best(scores);
    if (guess !== label) {
      features[n].forEach((f, k) => {
        weights[k * CLASSES + label] += f;
        weights[k * CLASSES + guess] -= f;
      });
    }
    weights.forEach((w, i) => (fitted[i] += w));
  });
}
const most = fitted.slice(0, HIDDEN * CLASSES).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
const second = Int8Array.from(fitted.slice(0, HIDDEN * CLASSES), (w) => Math.round((w * 127) / most));
const bias = Int32Array.from(fitted.slice(HIDDEN * CLASSES), (b) => Math.round((b * 127 * 64) / most));

// The network as bytes.
const int = (value, bytes) => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeIntBE(value, 0, bytes);
  return buffer;
};
const big = (values) => Buffer.concat(Array.from(values, (value) => int(value, 4)));
const operator = (kind, source, ...rest) => Buffer.concat([int(kind, 1), int(source, 2), ...rest]);
const network = Buffer.concat([
  Buffer.from("OLMM"), int(1, 1), int(PIXELS, 4), int(6, 2),
  operator(1, -1, int(HIDDEN, 4), Buffer.from(first.buffer)),
  operator(4, 0),
  operator(3, 1, int(SHIFT, 1)),
  operator(1, 2, int(CLASSES, 4), Buffer.from(second.buffer)),
  operator(2, 3, big(bias)),
  operator(6, 4),
]);

// The run, as docs/verification-proofs.md says it.
const input = Buffer.concat(test.map(({ pixels }) => Buffer.from(pixels.buffer)));
const rows = test.length;
const c1 = product(rows, new Int8Array(input), PIXELS, first, HIDDEN);
const relu = c1.map((value) => Math.max(0, value));
const small = Int8Array.from(relu, requantise);
const c2 = product(rows, small, HIDDEN, second, CLASSES);
const scores = c2.map((value, i) => value + bias[i % CLASSES]);
const labels = Int32Array.from({ length: rows }, (_, i) => {
  return best(scores.slice(i * CLASSES, (i + 1) * CLASSES));
});

// The root of the trace.
const sha = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const domain = (kind, ...parts) => sha(Buffer.from(`openledger/${kind}/v1\n`), ...parts);
const tree = (leaves) => {
  if (leaves.length === 1) return leaves[0];
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha(int(1, 1), tree(leaves.slice(0, k)), tree(leaves.slice(k)));
};
const bytesOf = (values, width) => (width === 1 ? Buffer.from(Int8Array.from(values).buffer) : big(values));
const tensor = (height, columns, width, values) => {
  const bytes = bytesOf(values, width);
  const tiles = [];
  for (let at = 0; at < bytes.length; at += 64 * width) tiles.push(sha(int(0, 1), bytes.subarray(at, at + 64 * width)));
  return domain("matmul-tensor", int(height, 4), int(columns, 4), int(width, 4), tree(tiles));
};
const turned = (matrix, inner, columns) =>
  Int8Array.from({ length: inner * columns }, (_, i) => matrix[(i % inner) * columns + Math.floor(i / inner)]);
const NONE = Buffer.alloc(32);
const outputs = [
  tensor(rows, HIDDEN, 4, c1), tensor(rows, HIDDEN, 4, relu), tensor(rows, HIDDEN, 1, small),
  tensor(rows, CLASSES, 4, c2), tensor(rows, CLASSES, 4, scores), tensor(rows, 1, 4, labels),
];
const inputRoot = tensor(rows, PIXELS, 1, new Int8Array(input));
const leaf = (index, kind, source, constant, [inColumns, inWidth], [outColumns, outWidth], parameters) =>
  domain("matmul-operator",
    domain("matmul-network-operator", ...[index, kind, source, -1, constant, inColumns, inWidth, outColumns, outWidth].map((n) => int(n, 4)), parameters),
    int(1, 4), source < 0 ? inputRoot : outputs[source], outputs[index]);
const root = tree([
  leaf(0, 1, -1, 0, [PIXELS, 1], [HIDDEN, 4], tensor(HIDDEN, PIXELS, 1, turned(first, PIXELS, HIDDEN))),
  leaf(1, 4, 0, 0, [HIDDEN, 4], [HIDDEN, 4], NONE),
  leaf(2, 3, 1, SHIFT, [HIDDEN, 4], [HIDDEN, 1], NONE),
  leaf(3, 1, 2, 0, [HIDDEN, 1], [CLASSES, 4], tensor(CLASSES, HIDDEN, 1, turned(second, HIDDEN, CLASSES))),
  leaf(4, 2, 3, 0, [CLASSES, 4], [CLASSES, 4], tensor(1, CLASSES, 4, bias)),
  leaf(5, 6, 4, 0, [CLASSES, 4], [1, 4], NONE),
]);
const result = Buffer.concat([
  Buffer.from("OLMR"), int(1, 1), int(1, 1), int(rows, 4), int(1, 4), int(4, 1), root, big(labels), big(c1), big(c2),
]);

const right = test.filter(({ label }, i) => labels[i] === label).length;
const fuel = rows * (PIXELS * HIDDEN + 2 * HIDDEN + HIDDEN * CLASSES + CLASSES + 1);
writeFileSync(join(HERE, "network.olmm"), network);
writeFileSync(join(HERE, "digits.bin"), input);
writeFileSync(
  join(HERE, "expected.txt"),
  [
    "job job.json",
    `network network.olmm sha256:${sha(network).toString("hex")}`,
    `input digits.bin sha256:${sha(input).toString("hex")}`,
    `task 0 exit 0 output sha256:${sha(result).toString("hex")}`,
    `right ${right} of ${rows}`,
    `fuel ${fuel}`,
    "",
  ].join("\n"),
);
console.log(`${right} of ${rows} digits right; ${network.length} bytes of network, ${result.length} of result, ${fuel} fuel`);
