#define STRICT_AVX2
#define STRICT_TABLE ol_strict_avx2
#include "strict_variant.h"
