/* One value at a time, by the steps of strict_lanes.h. Compiled with -fmad=false: what is fused says so. */
#include <stdint.h>

#define ROUND 12582912.0f
#define ROUND_BITS 0x4B400000
#define LN2_HIGH 0x1.62e43p-1f
#define LN2_LOW (-0x1.05c61p-29f)
#define LOG2_E 0x1.715476p0f

__device__ static float fused(float a, float b, float c) { return __fmaf_rn(a, b, c); }

__device__ static float power2(int32_t n) { return __uint_as_float((uint32_t)(n + 127) << 23); }

__device__ static float exp1(float value) {
  float x = value > 89.0f ? 89.0f : value;
  x = x < -104.0f ? -104.0f : x;
  float t = fused(x, LOG2_E, ROUND);
  int32_t n = (int32_t)(__float_as_uint(t) - (uint32_t)ROUND_BITS);
  float whole = t - ROUND;
  float r = fused(whole, -LN2_LOW, fused(whole, -LN2_HIGH, x));
  float p = 1.0f / 5040;
  p = fused(p, r, 1.0f / 720);
  p = fused(p, r, 1.0f / 120);
  p = fused(p, r, 1.0f / 24);
  p = fused(p, r, 1.0f / 6);
  p = fused(p, r, 0.5f);
  p = fused(p, r, 1.0f);
  p = fused(p, r, 1.0f);
  int32_t half = n >> 1;
  return p * power2(half) * power2(n - half);
}

__device__ static float fold8(const float *a) {
  return ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7]));
}

__device__ static float dot(const float *a, const float *b, int32_t count) {
  float lanes[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  int32_t i = 0;
  for (; i + 8 <= count; i += 8) {
#pragma unroll
    for (int lane = 0; lane < 8; lane++) lanes[lane] = fused(a[i + lane], b[i + lane], lanes[lane]);
  }
#pragma unroll
  for (int lane = 0; lane < 8; lane++) {
    if (i + lane < count) lanes[lane] = fused(a[i + lane], b[i + lane], lanes[lane]);
  }
  return fold8(lanes);
}

__device__ static float sum(const float *a, int32_t count) {
  float lanes[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  int32_t i = 0;
  for (; i + 8 <= count; i += 8) {
#pragma unroll
    for (int lane = 0; lane < 8; lane++) lanes[lane] += a[i + lane];
  }
#pragma unroll
  for (int lane = 0; lane < 8; lane++) {
    if (i + lane < count) lanes[lane] += a[i + lane];
  }
  return fold8(lanes);
}

/* Weight k of output n: rows of outputs, or panels as `pack` writes them. */
struct weights {
  const void *from;
  int64_t stride;
  int32_t type, packed, outputs, inputs;
};

__device__ static float weight(const struct weights &w, int32_t n, int32_t k) {
  int64_t at;
  if (w.packed) {
    int32_t first = n / OL_STRICT_PANEL * OL_STRICT_PANEL;
    int32_t lanes = w.outputs - first > 8 ? OL_STRICT_PANEL : 8;
    at = (int64_t)first * w.inputs + (int64_t)k * lanes + (n - first);
  } else {
    at = n * w.stride + k;
  }
  if (w.type == OL_STRICT_F32) return ((const float *)w.from)[at];
  return __uint_as_float((uint32_t)((const uint16_t *)w.from)[at] << 16);
}
