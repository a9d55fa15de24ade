// Mixes integers, floats, memory and indirect calls under the control of its input, and prints what comes of it: two
// engines that differ anywhere print something else.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static uint64_t state;
static uint8_t memory[4096];
static double reals[64];
static float singles[64];

static uint64_t next(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static void integers(uint64_t r) {
  int32_t a = (int32_t)r, b = (int32_t)(r >> 32);
  uint32_t quotient = b == 0 || (a == INT32_MIN && b == -1) ? 7u : (uint32_t)(a / b);
  state += quotient ^ (uint32_t)__builtin_popcount((uint32_t)a) ^ ((uint64_t)a * (uint64_t)b);
  state ^= (r << (b & 63)) | (r >> (-b & 63));
}

static void doubles(uint64_t r) {
  double *x = &reals[r & 63], y = reals[r >> 6 & 63];
  switch (r >> 12 & 7) {
    case 0: *x = *x + y; break;
    case 1: *x = *x * y; break;
    case 2: *x = *x / y; break;
    case 3: *x = sqrt(*x); break;
    case 4: *x = floor(y) - *x; break;
    case 5: *x = (double)(int64_t)(r >> 20) * 1e-6; break;
    case 6: *x = copysign(*x, y); break;
    default: *x = fmin(*x, y);
  }
}

static void floats(uint64_t r) {
  float *x = &singles[r & 63], y = singles[r >> 6 & 63];
  switch (r >> 12 & 3) {
    case 0: *x = *x - y; break;
    case 1: *x = *x * y; break;
    case 2: *x = *x / y; break;
    default: *x = (float)reals[r >> 20 & 63];
  }
}

static void bytes(uint64_t r) {
  uint32_t from = r & 2047, to = r >> 11 & 2047, length = r >> 22 & 1023;
  if (r >> 40 & 1) memmove(memory + to, memory + from, length);
  else memset(memory + to, (int)r, length);
  uint64_t word;
  memcpy(&word, memory + (from | 1), 8);
  state += word;
}

static void (*const operations[])(uint64_t) = {integers, doubles, floats, bytes};

int main(void) {
  if (read(0, &state, 8) != 8) return 1;
  state |= 1;
  for (int i = 0; i < 64; i++) reals[i] = singles[i] = (float)(next() % 1000) / 7;
  for (int i = 0; i < 2000; i++) operations[next() & 3](next());
  uint64_t hash = state;
  for (int i = 0; i < 4096; i++) hash = hash * 31 + memory[i];
  for (int i = 0; i < 64; i++) {
    uint64_t bits;
    memcpy(&bits, &reals[i], 8);
    hash = hash * 31 + bits;
    uint32_t half;
    memcpy(&half, &singles[i], 4);
    hash = hash * 31 + half;
  }
  printf("%016llx\n", (unsigned long long)hash);
  return 0;
}
