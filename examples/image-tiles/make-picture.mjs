// SPDX-License-Identifier: Apache-2.0
//
// Draws picture.ppm: a lake between hills at sundown, with the grain of a photograph taken in poor
// light, so that a filter has something to smooth and edges to keep.
//
//   node make-picture.mjs > picture.ppm
//
// Only + - * / and the square root are used, so every machine draws the same bytes.

const WIDTH = 480;
const HEIGHT = 320;
const SHORE = 214; // the first row of water
const GRAIN = 9; // levels of 0..255, either way

/** A whole number mixed to one in [0, 1), the same everywhere. */
function noise(x, y) {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}

const mix = (a, b, t) => a + (b - a) * t;
const mixColour = (a, b, t) => a.map((level, i) => mix(level, b[i], t));
const clamp = (t) => Math.min(1, Math.max(0, t));
const smooth = (t) => t * t * (3 - 2 * t);

/** A smooth wandering line through random heights, `octaves` of them, each half as high and as long. */
function wander(x, row, octaves) {
  let height = 0;
  for (let octave = 0, size = 1; octave < octaves; octave++, size /= 2) {
    const at = x / size;
    const cell = Math.floor(at);
    const place = row * 16 + octave;
    height += size * (mix(noise(cell, place), noise(cell + 1, place), smooth(at - cell)) - 0.5);
  }
  return height;
}

/** Ridges, the nearest first: where they stand, how high they rise, how wide they wander, their colour. */
const RIDGES_NEAR_FIRST = [
  { row: 4, base: 213, rise: 30, width: 60, octaves: 6, colour: [34, 54, 58] },
  { row: 3, base: 203, rise: 48, width: 95, octaves: 6, colour: [66, 84, 104] },
  { row: 2, base: 190, rise: 62, width: 120, octaves: 5, colour: [106, 108, 142] },
  { row: 1, base: 176, rise: 78, width: 150, octaves: 5, colour: [142, 132, 162] },
];
const SUN = { x: 334, y: 112, radius: 21, colour: [255, 240, 196] };
const ZENITH = [58, 84, 146];
const HORIZON = [252, 176, 110];

/** A field that wanders along x and passes smoothly from row to row. */
function cloud(x, y) {
  const row = Math.floor(y);
  return mix(wander(x, 40 + row, 4), wander(x, 41 + row, 4), smooth(y - row));
}

function sky(x, y) {
  const colour = mixColour(ZENITH, HORIZON, smooth(clamp(y / SHORE)));
  const distance = Math.sqrt((x - SUN.x) ** 2 + (y - SUN.y) ** 2);
  const glow = SUN.radius / (SUN.radius + Math.max(0, distance - SUN.radius));
  const streak = clamp(cloud(x / 80, y / 11) * 1.9 - 0.15) * clamp(1 - y / 150);
  return mixColour(mixColour(colour, [250, 214, 190], streak), SUN.colour, glow * glow);
}

function land(x, y) {
  for (const ridge of RIDGES_NEAR_FIRST) {
    const crest = ridge.base - ridge.rise * (0.5 + wander(x / ridge.width, ridge.row, ridge.octaves));
    if (y >= crest) {
      const haze = clamp((y - crest) / 70);
      return mixColour(ridge.colour, [206, 160, 140], 0.35 * haze);
    }
  }
  return sky(x, y);
}

/** The water mirrors the land, darker and broken by ripples that lengthen towards the viewer. */
function water(x, y) {
  const depth = y - SHORE;
  const ripple = (noise(Math.floor(x / (5 + depth / 4)), y) - 0.5) * (2 + depth / 5);
  const mirrored = land(x + ripple * 1.5, SHORE - 1 - depth * 1.35 + ripple);
  return mixColour(mirrored, [24, 44, 74], 0.3 + 0.3 * (depth / (HEIGHT - SHORE)));
}

const header = Buffer.from(`P6\n${WIDTH} ${HEIGHT}\n255\n`, "ascii");
const pixels = Buffer.alloc(WIDTH * HEIGHT * 3);
for (let y = 0; y < HEIGHT; y++) {
  for (let x = 0; x < WIDTH; x++) {
    const colour = y < SHORE ? land(x, y) : water(x, y);
    for (let channel = 0; channel < 3; channel++) {
      const grain = GRAIN * (noise(x + 7919 * channel, y + 104729) + noise(x + 31 * channel, y + 1299709) - 1);
      pixels[(y * WIDTH + x) * 3 + channel] = Math.round(255 * clamp((colour[channel] + grain) / 255));
    }
  }
}
process.stdout.write(Buffer.concat([header, pixels]));
