/*
 * By the means of the variant: one rounding for a multiply and an add, and bf16 made fp32, eight at
 * a time. Compilers make six instructions of a vector's conversion where the processor has one.
 */
#if defined(STRICT_AVX2) || defined(STRICT_AVX512)
#include <immintrin.h>
ALWAYS v8 fused8(v8 a, v8 b, v8 c) { return (v8)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c); }
ALWAYS v8 expand8(const uint16_t *from) {
  return (v8)_mm256_slli_epi32(_mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)from)), 16);
}
ALWAYS float fused(float a, float b, float c) {
  return _mm_cvtss_f32(_mm_fmadd_ss(_mm_set_ss(a), _mm_set_ss(b), _mm_set_ss(c)));
}
#elif defined(STRICT_NEON)
#include <arm_neon.h>
ALWAYS v8 fused8(v8 a, v8 b, v8 c) {
  union {
    v8 whole;
    float32x4_t half[2];
  } x = {a}, y = {b}, z = {c};
  z.half[0] = vfmaq_f32(z.half[0], x.half[0], y.half[0]);
  z.half[1] = vfmaq_f32(z.half[1], x.half[1], y.half[1]);
  return z.whole;
}
ALWAYS float fused(float a, float b, float c) {
  return vget_lane_f32(vfma_f32(vdup_n_f32(c), vdup_n_f32(a), vdup_n_f32(b)), 0);
}
#else
/*
 * Without the instruction: the product is exact in double; the sum is rounded to odd, from which
 * rounding to float gives what one rounding would have given.
 */
ALWAYS float fused(float a, float b, float c) {
  double product = (double)a * (double)b;
  double whole = product + (double)c;
  double other = whole - product;
  double rest = (product - (whole - other)) + ((double)c - other);
  if (rest < 0 || rest > 0) {
    uint64_t bits;
    memcpy(&bits, &whole, sizeof bits);
    if ((bits & 1) == 0) {
      if ((rest > 0) == (whole > 0)) bits++;
      else bits--;
      memcpy(&whole, &bits, sizeof bits);
    }
  }
  return (float)whole;
}
ALWAYS v8 fused8(v8 a, v8 b, v8 c) {
  for (int i = 0; i < 8; i++) c[i] = fused(a[i], b[i], c[i]);
  return c;
}
#endif

#if !defined(STRICT_AVX2) && !defined(STRICT_AVX512)
typedef uint16_t h8_memory __attribute__((vector_size(16), aligned(2), may_alias));
ALWAYS v8 expand8(const uint16_t *from) {
  return (v8)(__builtin_convertvector(*(const h8_memory *)from, i8) << 16);
}
#endif
