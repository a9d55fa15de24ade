// SPDX-License-Identifier: Apache-2.0
//
// Writes ticks.csv: one invented trading day of one invented share. No market data is in it.
//
//   node make-ticks.mjs > ticks.csv
//
// The middle price follows a random walk whose volatility is known (VOLATILITY_PER_YEAR), trades
// arrive at uneven times, and each trade happens at the bid or at the ask, as real trades do. That
// bounce makes a naive estimate of the volatility far too high, which is what the task has to undo.
//
// Only + - * / and the square root are used, so every machine writes the same bytes.

const SEED = 20261122n;
const TICKS = 5_000;
const OPENING_MILLIS = 9 * 3_600_000;
const CLOSING_MILLIS = 17.5 * 3_600_000;
const OPENING_PRICE_CENTS = 10_000;
const HALF_SPREAD_CENTS = 1;
const VOLATILITY_PER_YEAR = 0.24;
const TRADING_DAYS_PER_YEAR = 252;

const MASK = (1n << 64n) - 1n;
let state = SEED;

/** SplitMix64 (Steele, Lea and Flood 2014): the next number of the stream, uniform in [0, 1). */
function uniform() {
  state = (state + 0x9e3779b97f4a7c15n) & MASK;
  let z = state;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK;
  z ^= z >> 31n;
  return Number(z >> 11n) / 2 ** 53;
}

/** A nearly normal number: twelve uniform ones have variance 1 and need no logarithm. */
function normal() {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += uniform();
  return sum;
}

const yearMillis = TRADING_DAYS_PER_YEAR * (CLOSING_MILLIS - OPENING_MILLIS);
const stepMillis = (CLOSING_MILLIS - OPENING_MILLIS) / TICKS;
let middleCents = OPENING_PRICE_CENTS;
let previousMillis = OPENING_MILLIS;

const lines = ["millisOfDay,priceCents,quantity"];
for (let i = 0; i < TICKS; i++) {
  const millis = Math.floor(OPENING_MILLIS + (i + uniform()) * stepMillis);
  const elapsedYears = (millis - previousMillis) / yearMillis;
  middleCents *= 1 + VOLATILITY_PER_YEAR * Math.sqrt(elapsedYears) * normal();
  const side = uniform() < 0.5 ? -1 : 1;
  const priceCents = Math.round(middleCents + side * HALF_SPREAD_CENTS);
  const quantity = 1 + Math.floor(uniform() * uniform() * 400);
  lines.push(`${millis},${priceCents},${quantity}`);
  previousMillis = millis;
}
process.stdout.write(lines.join("\n") + "\n");
