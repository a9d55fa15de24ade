/*
 * Eight lanes, and functions of one value by fixed steps (Scalars.java takes the same). A variant
 * defines FUSED8 before it includes this. Nothing here leaves an operation to a library.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ol_strict.h"

#define ALWAYS static inline __attribute__((always_inline))

typedef float v8 __attribute__((vector_size(32)));
typedef int32_t i8 __attribute__((vector_size(32)));
typedef float v8_memory __attribute__((vector_size(32), aligned(4), may_alias));

ALWAYS v8 load8(const float *from) { return *(const v8_memory *)from; }
ALWAYS void store8(float *to, v8 value) { *(v8_memory *)to = value; }
ALWAYS v8 all8(float value) { return (v8){value, value, value, value, value, value, value, value}; }
ALWAYS i8 ints8(int32_t value) { return (i8){value, value, value, value, value, value, value, value}; }
ALWAYS v8 pick8(i8 mask, v8 yes, v8 no) { return (v8)((mask & (i8)yes) | (~mask & (i8)no)); }

#include "strict_fused.h"

/* The first `count` lanes of a row's end; the others are zero. */
ALWAYS v8 load_part(const float *from, int64_t count) {
  float held[8] = {0};
  memcpy(held, from, (size_t)count * sizeof(float));
  return load8(held);
}

ALWAYS void store_part(float *to, v8 value, int64_t count) {
  float held[8];
  store8(held, value);
  memcpy(to, held, (size_t)count * sizeof(float));
}

ALWAYS i8 first_lanes(int64_t count) { return ((i8){0, 1, 2, 3, 4, 5, 6, 7} < ints8((int32_t)count)); }

ALWAYS float fold8(v8 a) {
  return ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7]));
}

#define ROUND 12582912.0f
#define ROUND_BITS 0x4B400000
#define LN2_HIGH 0x1.62e43p-1f
#define LN2_LOW (-0x1.05c61p-29f)
#define LOG2_E 0x1.715476p0f

ALWAYS v8 power2(i8 n) { return (v8)((n + 127) << 23); }

ALWAYS v8 series8(v8 r) {
  v8 p = all8(1.0f / 5040);
  p = fused8(p, r, all8(1.0f / 720));
  p = fused8(p, r, all8(1.0f / 120));
  p = fused8(p, r, all8(1.0f / 24));
  p = fused8(p, r, all8(1.0f / 6));
  return fused8(p, r, all8(0.5f));
}

ALWAYS v8 exp8(v8 value) {
  v8 x = pick8(value > 89.0f, all8(89), value);
  x = pick8(x < -104.0f, all8(-104), x);
  v8 t = fused8(x, all8(LOG2_E), all8(ROUND));
  i8 n = (i8)t - ROUND_BITS;
  v8 whole = t - ROUND;
  v8 r = fused8(whole, all8(-LN2_LOW), fused8(whole, all8(-LN2_HIGH), x));
  v8 p = series8(r);
  p = fused8(p, r, all8(1));
  p = fused8(p, r, all8(1));
  i8 half = n >> 1;
  return p * power2(half) * power2(n - half);
}

ALWAYS v8 tanh8(v8 value) {
  i8 sign = (i8)value & INT32_MIN;
  v8 a = (v8)((i8)value & INT32_MAX);
  a = pick8(a > 10.0f, all8(10), a);
  a = a + a;
  v8 t = fused8(a, all8(LOG2_E), all8(ROUND));
  i8 n = (i8)t - ROUND_BITS;
  v8 whole = t - ROUND;
  v8 r = fused8(whole, all8(-LN2_LOW), fused8(whole, all8(-LN2_HIGH), a));
  v8 less = fused8(r * r, series8(r), r);
  v8 scale = power2(n);
  v8 e = fused8(scale, less, scale - 1.0f);
  return (v8)(((i8)(e / (e + 2.0f)) & INT32_MAX) | sign);
}

ALWAYS v8 sigmoid8(v8 x) { return 1.0f / (1.0f + exp8(-x)); }
ALWAYS v8 silu8(v8 x) { return x * sigmoid8(x); }

ALWAYS v8 log8(v8 value) {
  i8 tiny = value < 0x1p-126f;
  v8 x = pick8(tiny, value * 0x1p23f, value);
  i8 bits = (i8)x;
  i8 exponent = (bits >> 23) - 127;
  v8 m = (v8)((bits & 0x007FFFFF) | 0x3F800000);
  i8 upper = m > 0x1.6a09e6p0f;
  m = pick8(upper, m * 0.5f, m);
  v8 e = __builtin_convertvector(exponent - upper - (tiny & 23), v8);
  v8 s = (m - 1.0f) / (m + 1.0f);
  v8 z = s * s;
  v8 p = all8(1.0f / 13);
  p = fused8(p, z, all8(1.0f / 11));
  p = fused8(p, z, all8(1.0f / 9));
  p = fused8(p, z, all8(1.0f / 7));
  p = fused8(p, z, all8(1.0f / 5));
  p = fused8(p, z, all8(1.0f / 3));
  v8 twice = s + s;
  v8 low = fused8(e, all8(LN2_LOW), twice * z * p);
  v8 result = fused8(e, all8(LN2_HIGH), twice + low);
  result = pick8(value == __builtin_inff(), value, result);
  result = pick8(value == 0.0f, all8(-__builtin_inff()), result);
  return pick8(value >= 0.0f, result, all8(__builtin_nanf("")));
}

/* Sine of what is left of x after whole quarter turns, moved on by `further` quarters. */
ALWAYS v8 turned8(v8 x, int32_t further) {
  v8 t = fused8(x, all8(0x1.45f306p-1f), all8(ROUND));
  i8 quarter = (i8)t + further;
  v8 whole = t - ROUND;
  v8 r = fused8(whole, all8(-0x1.921fb6p0f), x);
  r = fused8(whole, all8(0x1.777a5cp-25f), r);
  r = fused8(whole, all8(0x1.ee59dap-50f), r);
  v8 z = r * r;
  v8 s = all8(1.0f / 362880);
  s = fused8(s, z, all8(-1.0f / 5040));
  s = fused8(s, z, all8(1.0f / 120));
  s = fused8(s, z, all8(-1.0f / 6));
  s = fused8(r * z, s, r);
  v8 c = all8(-1.0f / 3628800);
  c = fused8(c, z, all8(1.0f / 40320));
  c = fused8(c, z, all8(-1.0f / 720));
  c = fused8(c, z, all8(1.0f / 24));
  c = fused8(c, z, all8(-0.5f));
  c = fused8(c, z, all8(1));
  v8 y = pick8((quarter & 1) != 0, c, s);
  return (v8)((i8)y ^ ((quarter & 2) << 30));
}

ALWAYS v8 function8(int32_t function, v8 x) {
  switch (function) {
    case OL_EXP: return exp8(x);
    case OL_LOG: return log8(x);
    case OL_TANH: return tanh8(x);
    case OL_SIGMOID: return sigmoid8(x);
    case OL_SILU: return silu8(x);
    case OL_SINE: return turned8(x, 0);
    default: return turned8(x, 1);
  }
}

static float exp1(float x) { return exp8(all8(x))[0]; }

static float dot(const float *a, const float *b, int64_t count) {
  v8 lanes = all8(0);
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) lanes = fused8(load8(a + i), load8(b + i), lanes);
  if (i < count) {
    v8 more = fused8(load_part(a + i, count - i), load_part(b + i, count - i), lanes);
    lanes = pick8(first_lanes(count - i), more, lanes);
  }
  return fold8(lanes);
}

static float sum(const float *a, int64_t count) {
  v8 lanes = all8(0);
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) lanes = lanes + load8(a + i);
  if (i < count) lanes = pick8(first_lanes(count - i), lanes + load_part(a + i, count - i), lanes);
  return fold8(lanes);
}

/* The highest number; NaN counts as none. */
static float highest(const float *a, int64_t count) {
  v8 lanes = all8(-__builtin_inff());
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) lanes = pick8(load8(a + i) > lanes, load8(a + i), lanes);
  float max = -__builtin_inff();
  for (; i < count; i++) max = a[i] > max ? a[i] : max;
  for (int lane = 0; lane < 8; lane++) max = lanes[lane] > max ? lanes[lane] : max;
  return max;
}

/* y = exp(x - max); answers the sum. */
static float exponentials(const float *x, float *y, int64_t count, float max) {
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) store8(y + i, exp8(load8(x + i) - max));
  if (i < count) store_part(y + i, exp8(load_part(x + i, count - i) - max), count - i);
  return sum(y, count);
}
