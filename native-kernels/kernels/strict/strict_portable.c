#define STRICT_PORTABLE
#define STRICT_TABLE ol_strict_portable
#include "strict_variant.h"
