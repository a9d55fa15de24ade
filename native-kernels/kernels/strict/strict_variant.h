/* Everything, once more for each variant; the includer defines which and the name of its table. */
#include "strict_lanes.h"
#include "strict_wide.h"
#include "strict_blocks.h"
#include "strict_products.h"
#include "strict_streams.h"
#include "strict_many.h"
#include "strict_adapters.h"
#include "strict_int8.h"
#include "strict_rows.h"
#include "strict_attention.h"
#include "strict_gradients.h"
#include "strict_tokens.h"
#include "strict_digest.h"

const struct ol_strict_functions STRICT_TABLE = {
    linear,        pack,       linear_packed, linear_input_gradient, linear_weight_gradient,
    lora,          linear_int8, quantize,     dequantize,            apply,
    add,           add_scaled, rms_norm,      softmax,               swi_glu,
    rotary_angles, rotate,     attention,     rms_norm_gradient,     softmax_gradient,
    swi_glu_gradient, attention_gradient, cross_entropy, adam_w,     sample,
    digest};
