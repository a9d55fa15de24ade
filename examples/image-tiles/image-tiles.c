// SPDX-License-Identifier: Apache-2.0
//
// Turns one tile of a photograph into a pen-and-wash drawing: the colours are smoothed without washing
// out their edges (bilateral filter, Tomasi and Manduchi 1998), and the edges are inked (Sobel).
//
//   arguments  --left N --top N         the tile's first column and row; 0 unless said
//              --columns N --rows N     its size; up to the picture's edge unless said
//              --radius N               of the smoothing in pixels, 1..16; 2 unless said
//              --contrast N             how unlike a neighbour may be and still count, 1..255; 28 unless
//                                       said
//              --ink N                  darkness of the lines, 0..255; 170 unless said
//              --header tile|whole|none what is printed before the pixels: a PPM heading of the tile's
//                                       size (unless said), of the whole picture's, or nothing
//   input      a PPM picture (P6, 255 levels), at most 4 MiB
//   output     the heading, then the tile's pixels, three bytes each
//   exit       0 done, 2 when an argument or the picture is wrong (the message is on stderr)
//
// Each task gets the whole picture and looks past the rim of its tile, as far as radius + 1 pixels (the
// halo), so tiles fit without a seam whatever their size. Strips as wide as the picture, the first with
// --header whole and the others with --header none, are the finished picture when written one after
// another. Pixels are whole numbers throughout; exp only fills two tables.

#include <math.h>
#include <stdint.h>

#include "../arguments.h"

enum {
  PICTURE_BYTES_MAX = 4 << 20,
  SIDE_MAX = 4096,
  RADIUS_MAX = 16,
  DIAMETER_MAX = 2 * RADIUS_MAX + 1,
  WEIGHT_ONE = 1024,
};

typedef enum { HEADER_TILE, HEADER_WHOLE, HEADER_NONE } Header;

typedef struct {
  int left, top, columns, rows, radius, contrast, ink;
  Header header;
} Options;

typedef struct {
  uint8_t red, green, blue;
} Pixel;

typedef struct {
  int width, height;
  const Pixel *pixels;
} Picture;

static Options options(int argc, char **argv) {
  Options o = {.radius = 2, .contrast = 28, .ink = 170, .header = HEADER_TILE};
  for (int i = 1; i < argc; i += 2) {
    const char *name = argv[i], *text = valueOf(argc, argv, i);
    if (strcmp(name, "--left") == 0) o.left = whole(name, text, 0, SIDE_MAX - 1);
    else if (strcmp(name, "--top") == 0) o.top = whole(name, text, 0, SIDE_MAX - 1);
    else if (strcmp(name, "--columns") == 0) o.columns = whole(name, text, 1, SIDE_MAX);
    else if (strcmp(name, "--rows") == 0) o.rows = whole(name, text, 1, SIDE_MAX);
    else if (strcmp(name, "--radius") == 0) o.radius = whole(name, text, 1, RADIUS_MAX);
    else if (strcmp(name, "--contrast") == 0) o.contrast = whole(name, text, 1, 255);
    else if (strcmp(name, "--ink") == 0) o.ink = whole(name, text, 0, 255);
    else if (strcmp(name, "--header") == 0) o.header = choice(name, text, "tile|whole|none");
    else refuse("%s: no such argument", name);
  }
  return o;
}

// --- the picture ---------------------------------------------------------------------------------

// The next number of a PPM heading, after white space and comments.
static int headingNumber(const unsigned char **at, const unsigned char *end, const char *what, int max) {
  const unsigned char *p = *at;
  while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n' || *p == '#')) {
    if (*p == '#') while (p < end && *p != '\n') p++;
    else p++;
  }
  int value = 0;
  for (; p < end && *p >= '0' && *p <= '9' && value <= max; p++) value = value * 10 + (*p - '0');
  if (value < 1 || value > max) refuse("the picture's %s must be 1 to %d", what, max);
  *at = p;
  return value;
}

static Picture picture(const unsigned char *bytes, size_t length) {
  const unsigned char *at = bytes + 2, *end = bytes + length;
  if (length < 2 || memcmp(bytes, "P6", 2) != 0) refuse("the input is not a PPM picture (P6)");
  Picture p;
  p.width = headingNumber(&at, end, "width", SIDE_MAX);
  p.height = headingNumber(&at, end, "height", SIDE_MAX);
  if (headingNumber(&at, end, "levels", 65535) != 255) refuse("the picture must have 255 levels");
  at++;  // one white space parts the heading from the pixels
  size_t expected = (size_t)p.width * p.height * sizeof(Pixel);
  if (at > end || (size_t)(end - at) != expected) {
    refuse("a %d x %d picture has %zu bytes of pixels", p.width, p.height, expected);
  }
  p.pixels = (const Pixel *)at;
  return p;
}

static void fit(Options *o, const Picture *p) {
  if (o->left >= p->width) refuse("--left: the picture has %d columns", p->width);
  if (o->top >= p->height) refuse("--top: the picture has %d rows", p->height);
  if (o->columns == 0) o->columns = p->width - o->left;
  if (o->rows == 0) o->rows = p->height - o->top;
  if (o->columns > p->width - o->left) refuse("--columns: the tile passes the right edge");
  if (o->rows > p->height - o->top) refuse("--rows: the tile passes the lower edge");
}

static int clamp(int value, int max) { return value < 0 ? 0 : value > max ? max : value; }

static int luminance(Pixel p) { return (77 * p.red + 150 * p.green + 29 * p.blue) >> 8; }

// --- smoothing -----------------------------------------------------------------------------------

// The part of the picture that a tile depends on: the tile, a rim of one pixel, and the radius beyond.
// Outside the picture its outermost pixels repeat. A pixel is one word, so that the inner loop reads it
// at once: brightness, red, green and blue, a byte each.
typedef struct {
  int stride, rows;
  uint32_t *words;
} Window;

static Window window(const Options *o, const Picture *p) {
  int halo = o->radius + 1;
  Window w = {.stride = o->columns + 2 * halo, .rows = o->rows + 2 * halo};
  w.words = allocate(NULL, (size_t)w.stride * w.rows * sizeof *w.words);
  for (int y = 0; y < w.rows; y++) {
    const Pixel *row = p->pixels + clamp(o->top - halo + y, p->height - 1) * p->width;
    for (int x = 0; x < w.stride; x++) {
      Pixel c = row[clamp(o->left - halo + x, p->width - 1)];
      w.words[y * w.stride + x] = (uint32_t)luminance(c) << 24 | c.red << 16 | c.green << 8 | c.blue;
    }
  }
  return w;
}

static uint32_t distanceWeights[DIAMETER_MAX * DIAMETER_MAX];
static uint32_t contrastWeights[256];

static void fillWeights(const Options *o) {
  double spread = o->radius / 2.0;
  uint32_t *next = distanceWeights;
  for (int y = -o->radius; y <= o->radius; y++) {
    for (int x = -o->radius; x <= o->radius; x++) {
      *next++ = (uint32_t)(WEIGHT_ONE * exp(-(x * x + y * y) / (2 * spread * spread)) + 0.5);
    }
  }
  for (int d = 0; d < 256; d++) {
    double unlike = (double)d / o->contrast;
    contrastWeights[d] = (uint32_t)(WEIGHT_ONE * exp(-unlike * unlike / 2) + 0.5);
  }
}

// The mean of the pixels around the one at `centre`, each weighed by how near and how alike it is. The
// pixel itself has the full weight, so the sum of weights is never 0; 33 x 33 x 1024 x 255 stays below
// 2^32.
static Pixel smoothed(const uint32_t *centre, int stride, int radius) {
  int brightness = (int)(*centre >> 24);
  uint32_t red = 0, green = 0, blue = 0, total = 0;
  const uint32_t *near = distanceWeights;
  for (int dy = -radius; dy <= radius; dy++) {
    const uint32_t *row = centre + dy * stride;
    for (int dx = -radius; dx <= radius; dx++) {
      uint32_t word = row[dx];
      uint32_t weight = *near++ * contrastWeights[abs((int)(word >> 24) - brightness)] / WEIGHT_ONE;
      red += weight * (word >> 16 & 0xFF);
      green += weight * (word >> 8 & 0xFF);
      blue += weight * (word & 0xFF);
      total += weight;
    }
  }
  return (Pixel){(red + total / 2) / total, (green + total / 2) / total, (blue + total / 2) / total};
}

// The smoothed tile with a rim of one pixel, which the edges need.
static Pixel *smoothedTile(const Options *o, const Picture *p) {
  Window w = window(o, p);
  int stride = o->columns + 2;
  Pixel *tile = allocate(NULL, (size_t)stride * (o->rows + 2) * sizeof *tile);
  for (int y = 0; y < o->rows + 2; y++) {
    for (int x = 0; x < stride; x++) {
      const uint32_t *centre = w.words + (y + o->radius) * w.stride + x + o->radius;
      tile[y * stride + x] = smoothed(centre, w.stride, o->radius);
    }
  }
  return tile;
}

// --- inking --------------------------------------------------------------------------------------

// How steeply the brightness changes at a pixel of the smoothed tile (Sobel), 0..1442.
static int steepness(const Pixel *at, int stride) {
  int grid[3][3];
  for (int y = -1; y <= 1; y++) {
    for (int x = -1; x <= 1; x++) grid[y + 1][x + 1] = luminance(at[y * stride + x]);
  }
  int across = grid[0][2] + 2 * grid[1][2] + grid[2][2] - grid[0][0] - 2 * grid[1][0] - grid[2][0];
  int down = grid[2][0] + 2 * grid[2][1] + grid[2][2] - grid[0][0] - 2 * grid[0][1] - grid[0][2];
  return (int)sqrt((double)(across * across + down * down));
}

static Pixel inked(Pixel colour, int steep, int ink) {
  int light = 255 - clamp(2 * (steep - 24), 255) * ink / 255;
  return (Pixel){colour.red * light / 255, colour.green * light / 255, colour.blue * light / 255};
}

static void printTile(const Options *o, const Pixel *tile) {
  int stride = o->columns + 2;
  for (int y = 1; y <= o->rows; y++) {
    for (int x = 1; x <= o->columns; x++) {
      const Pixel *at = tile + y * stride + x;
      Pixel out = inked(*at, steepness(at, stride), o->ink);
      fwrite(&out, sizeof out, 1, stdout);
    }
  }
}

int main(int argc, char **argv) {
  Options o = options(argc, argv);
  size_t length;
  const unsigned char *bytes = standardInput(PICTURE_BYTES_MAX, &length);
  Picture p = picture(bytes, length);
  fit(&o, &p);
  fillWeights(&o);
  if (o.header == HEADER_TILE) printf("P6\n%d %d\n255\n", o.columns, o.rows);
  if (o.header == HEADER_WHOLE) printf("P6\n%d %d\n255\n", p.width, p.height);
  printTile(&o, smoothedTile(&o, &p));
  return 0;
}
