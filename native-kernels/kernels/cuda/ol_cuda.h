/*
 * Strict kernels on a graphics processor: the bits of ol_strict.h, whose functions of the same names
 * have the same sizes, strides and status codes. Pointers are to memory of the device.
 *
 * The library needs no driver to be loaded. Where there is none, or no device, every function that
 * needs one answers OL_CUDA_NO_DEVICE. The first device is used.
 *
 * Sizes are checked; index arrays (starts, ranks, offsets, tables, ends) lie on the device and are
 * trusted: whoever copies them there checks them first, as Java does.
 */
#ifndef OL_CUDA_H
#define OL_CUDA_H

#include "../strict/ol_strict.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OL_CUDA_ABI 1
#define OL_CUDA_NO_DEVICE (-3)
/* What the runtime says is in ol_cuda_objection(). */
#define OL_CUDA_FAILED (-4)

int32_t ol_cuda_abi(void);

/* How many there are, at least one; or OL_CUDA_NO_DEVICE. */
int32_t ol_cuda_devices(void);

/* Writes at most `length` bytes of the device's name, the last of them zero. */
int32_t ol_cuda_name(char *name, int32_t length);

/* The runtime's own words about what failed last in this thread; never NULL. */
const char *ol_cuda_objection(void);

int32_t ol_cuda_allocate(int64_t bytes, void **memory);
int32_t ol_cuda_free(void *memory);
int32_t ol_cuda_upload(void *to, const void *from, int64_t bytes);
/* Waits for all that was asked of the device before. */
int32_t ol_cuda_download(void *to, const void *from, int64_t bytes);

int32_t ol_cuda_linear(int32_t rows, int32_t outputs, int32_t inputs, const float *x, int64_t stride_x, int32_t type,
                       const void *w, int64_t stride_w, float *y, int64_t stride_y, int32_t accumulate);
int32_t ol_cuda_linear_packed(int32_t rows, int32_t outputs, int32_t inputs, const float *x, int64_t stride_x,
                              int32_t type, const void *packed, float *y, int64_t stride_y, int32_t accumulate);
/* `rows` is starts[segments]; inner holds rows * OL_STRICT_RANK_MAX floats */
int32_t ol_cuda_lora(int32_t segments, int32_t rows, const int32_t *starts, const int32_t *ranks, const float *scales,
                     const int64_t *offsets_a, const int64_t *offsets_b, int32_t type, const void *slab,
                     int32_t inputs, int32_t outputs, const float *x, int64_t stride_x, float *y, int64_t stride_y,
                     float *inner);
/* `pages` itself lies with the caller; what it points to, on the device */
int32_t ol_cuda_attention(int32_t rows, int32_t heads, int32_t key_heads, int32_t head_size, float scale,
                          const float *queries, int64_t stride_queries, const struct ol_strict_pages *pages,
                          const int32_t *tables, int64_t table_stride, const int32_t *starts, const int32_t *ends,
                          float *out, int64_t stride_out);

#ifdef __cplusplus
}
#endif

#endif
