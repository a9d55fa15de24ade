/* The contracts are in ol_strict.h. */
#include "ol_strict.h"

#include <stddef.h>

#define EXPORT __attribute__((visibility("default")))

extern const struct ol_strict_functions ol_strict_portable;
#if defined(__x86_64__)
extern const struct ol_strict_functions ol_strict_avx2, ol_strict_avx512;
#elif defined(__aarch64__)
extern const struct ol_strict_functions ol_strict_neon;
#endif

EXPORT int32_t ol_strict_abi(void) { return OL_STRICT_ABI; }

EXPORT const struct ol_strict_functions *ol_strict_of(int32_t variant) {
  if (variant == OL_PORTABLE) return &ol_strict_portable;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (variant == OL_AVX2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &ol_strict_avx2;
  if (variant == OL_AVX512 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")) {
    return &ol_strict_avx512;
  }
#elif defined(__aarch64__)
  if (variant == OL_NEON) return &ol_strict_neon;
#endif
  return NULL;
}

EXPORT int32_t ol_strict_best(void) {
  static const int32_t order[] = {OL_NEON, OL_AVX512, OL_AVX2};
  for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
    if (ol_strict_of(order[i]) != NULL) return order[i];
  }
  return OL_PORTABLE;
}
