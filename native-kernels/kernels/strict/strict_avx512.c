#define STRICT_AVX512
#define STRICT_TABLE ol_strict_avx512
#include "strict_variant.h"
