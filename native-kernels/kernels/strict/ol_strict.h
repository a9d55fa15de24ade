/*
 * Strict kernels: the same bits from every variant, every batch and any split over threads.
 * docs/kernels.md states the numbers; StrictKernels (Java) is the reference.
 *
 * Buffers belong to the caller and do not overlap unless said; strides are counted in elements and
 * at least the row's length; fp32, int32 and int64 are aligned to themselves, bf16 to 2 bytes.
 * A function checks sizes, not memory: it trusts that buffers hold what sizes and strides say.
 * Functions keep nothing, allocate nothing and start no threads. They need the default floating
 * point environment: round to nearest, denormals kept.
 *
 * `workspace` is OL_STRICT_WORKSPACE bytes, aligned to 64, of the calling thread's own.
 */
#ifndef OL_STRICT_H
#define OL_STRICT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OL_STRICT_ABI 1
#define OL_STRICT_OK 0
#define OL_STRICT_INVALID (-1)
/* A sampled token where no logit is a number above minus infinity. */
#define OL_STRICT_NO_TOKEN (-1)
/* Sampling refuses with this, since -1 is an answer. */
#define OL_STRICT_REFUSED (-2)

#define OL_STRICT_F32 0
#define OL_STRICT_BF16 1

#define OL_STRICT_WORKSPACE (1 << 20)
#define OL_STRICT_PANEL 16
#define OL_STRICT_SPLIT 64
#define OL_STRICT_HEAD_MAX 512
#define OL_STRICT_RANK_MAX 512
#define OL_STRICT_INT8_INPUTS_MAX (1 << 16)

enum ol_strict_function { OL_EXP, OL_LOG, OL_TANH, OL_SIGMOID, OL_SILU, OL_SINE, OL_COSINE };
enum ol_strict_variant { OL_PORTABLE, OL_AVX2, OL_AVX512, OL_NEON, OL_VARIANTS };

/* Where keys and values lie: see StrictAttention.Pages. */
struct ol_strict_pages {
  const float *keys, *values;
  int64_t page_stride, token_stride, head_stride;
  int32_t page_tokens, unused;
};

struct ol_strict_adamw {
  float rate, beta1, beta2, epsilon, decay, correction1, correction2;
};

/* All answer a status, but sample. The order is part of the ABI. */
struct ol_strict_functions {
  /* y[rows x outputs] = x[rows x inputs] . w', w[outputs x inputs] */
  int32_t (*linear)(int32_t rows, int32_t outputs, int32_t inputs, const float *x, int64_t stride_x, int32_t type,
                    const void *w, int64_t stride_w, float *y, int64_t stride_y, int32_t accumulate, void *workspace);
  /* packed holds inputs * (outputs rounded up to 8) weights */
  int32_t (*pack)(int32_t outputs, int32_t inputs, int32_t type, const void *w, int64_t stride_w, void *packed);
  int32_t (*linear_packed)(int32_t rows, int32_t outputs, int32_t inputs, const float *x, int64_t stride_x,
                           int32_t type, const void *packed, float *y, int64_t stride_y, int32_t accumulate,
                           void *workspace);
  int32_t (*linear_input_gradient)(int32_t rows, int32_t outputs, int32_t inputs, const float *dy, int64_t stride_dy,
                                   int32_t type, const void *w, int64_t stride_w, float *dx, int64_t stride_dx,
                                   int32_t accumulate, void *workspace);
  int32_t (*linear_weight_gradient)(int32_t rows, int32_t outputs, int32_t inputs, const float *dy,
                                    int64_t stride_dy, const float *x, int64_t stride_x, float *dw, int64_t stride_dw,
                                    int32_t accumulate, void *workspace);
  /* starts[segments + 1], ranks[segments]; offsets in bytes, multiples of 4 */
  int32_t (*lora)(int32_t segments, const int32_t *starts, const int32_t *ranks, const float *scales,
                  const int64_t *offsets_a, const int64_t *offsets_b, int32_t type, const void *slab, int32_t inputs,
                  int32_t outputs, const float *x, int64_t stride_x, float *y, int64_t stride_y, void *workspace);
  int32_t (*linear_int8)(int32_t rows, int32_t outputs, int32_t inputs, const int8_t *x, int64_t stride_x,
                         const int8_t *w, int64_t stride_w, int32_t *y, int64_t stride_y);
  int32_t (*quantize)(int32_t rows, int32_t columns, const float *x, int64_t stride_x, int8_t *q, int64_t stride_q,
                      float *scales);
  int32_t (*dequantize)(int32_t rows, int32_t columns, const int32_t *sums, int64_t stride_sums,
                        const float *row_scales, const float *column_scales, float *y, int64_t stride_y);
  /* y may be x */
  int32_t (*apply)(int32_t function, int64_t count, const float *x, float *y);
  int32_t (*add)(int64_t count, const float *x, float *y);
  int32_t (*add_scaled)(int64_t count, float factor, const float *x, float *y);
  int32_t (*rms_norm)(int32_t rows, int32_t columns, const float *x, int64_t stride_x, const float *weight,
                      float epsilon, float *y, int64_t stride_y);
  int32_t (*softmax)(int32_t rows, int32_t columns, const float *x, int64_t stride_x, float *y, int64_t stride_y);
  int32_t (*swi_glu)(int32_t rows, int32_t columns, const float *gate, int64_t stride_gate, const float *up,
                     int64_t stride_up, float *y, int64_t stride_y);
  int32_t (*rotary_angles)(int32_t rows, int32_t pairs, const int32_t *positions, const float *frequencies,
                           float *cosines, float *sines);
  int32_t (*rotate)(int32_t rows, int32_t heads, int32_t head_size, int32_t pairs, int32_t interleaved, int32_t back,
                    float *x, int64_t stride_x, const float *cosines, const float *sines);
  int32_t (*attention)(int32_t rows, int32_t heads, int32_t key_heads, int32_t head_size, float scale,
                       const float *queries, int64_t stride_queries, const struct ol_strict_pages *pages,
                       const int32_t *tables, int64_t table_stride, const int32_t *starts, const int32_t *ends,
                       float *out, int64_t stride_out);
  int32_t (*rms_norm_gradient)(int32_t rows, int32_t columns, const float *x, int64_t stride_x, const float *weight,
                               float epsilon, const float *dy, int64_t stride_dy, float *dx, int64_t stride_dx,
                               float *d_weight);
  int32_t (*softmax_gradient)(int32_t rows, int32_t columns, const float *y, int64_t stride_y, const float *dy,
                              int64_t stride_dy, float *dx, int64_t stride_dx);
  int32_t (*swi_glu_gradient)(int32_t rows, int32_t columns, const float *gate, int64_t stride_gate, const float *up,
                              int64_t stride_up, const float *dy, int64_t stride_dy, float *d_gate,
                              int64_t stride_d_gate, float *d_up, int64_t stride_d_up);
  /* scratch: 2 * tokens floats */
  int32_t (*attention_gradient)(int32_t tokens, int32_t heads, int32_t key_heads, int32_t head_size, int32_t window,
                                float scale, const float *queries, int64_t stride_queries, const float *keys,
                                int64_t stride_keys, const float *values, int64_t stride_values, const float *d_out,
                                int64_t stride_d_out, float *d_queries, int64_t stride_d_queries, float *d_keys,
                                int64_t stride_d_keys, float *d_values, int64_t stride_d_values, float *scratch);
  /* scratch: columns floats; d_logits may be logits */
  int32_t (*cross_entropy)(int32_t rows, int32_t columns, const float *logits, int64_t stride_logits,
                           const int32_t *targets, float factor, float *losses, float *d_logits,
                           int64_t stride_d_logits, float *scratch);
  int32_t (*adam_w)(const struct ol_strict_adamw *settings, int64_t count, const float *gradients, float *weights,
                    float *moments1, float *moments2);
  /* scratch: 2 * count int32; answers a token, OL_STRICT_NO_TOKEN or OL_STRICT_REFUSED */
  int32_t (*sample)(int32_t count, const float *logits, float temperature, int32_t top_k, float top_p, int64_t seed,
                    int64_t counter, int32_t *scratch);
  /* out: 32 bytes */
  int32_t (*digest)(int32_t dimensions, const int32_t *shape, const float *values, uint8_t *out);
};

int32_t ol_strict_abi(void);

/* The fastest variant that this machine runs. */
int32_t ol_strict_best(void);

/* The functions of a variant; NULL if it was not built or this machine lacks its instructions. */
const struct ol_strict_functions *ol_strict_of(int32_t variant);

#ifdef __cplusplus
}
#endif

#endif
