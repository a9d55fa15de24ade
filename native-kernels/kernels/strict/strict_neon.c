#define STRICT_NEON
#define STRICT_TABLE ol_strict_neon
#include "strict_variant.h"
