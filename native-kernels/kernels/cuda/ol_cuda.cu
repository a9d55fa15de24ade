/* The contracts are in ol_cuda.h. */
#include "ol_cuda.h"

#ifdef OL_CUDA_ON_HOST
#include "on_host.h"
#else
#include <cuda_runtime.h>
#define LAUNCH(kernel, blocks, threads, ...) kernel<<<blocks, threads>>>(__VA_ARGS__)
#endif
#include <math.h>

/* The second dimension of a grid. */
#define ROWS_MAX 65535
#define EXPORT extern "C" __attribute__((visibility("default")))

static thread_local cudaError_t last = cudaSuccess;

static int32_t status(cudaError_t error) {
  if (error == cudaSuccess) return OL_STRICT_OK;
  last = error;
  if (error == cudaErrorNoDevice || error == cudaErrorInsufficientDriver) return OL_CUDA_NO_DEVICE;
  return OL_CUDA_FAILED;
}

static int32_t launched(void) { return status(cudaGetLastError()); }

static uint32_t parts(int32_t whole, int32_t each) { return (uint32_t)((whole + (int64_t)each - 1) / each); }

#include "cuda_numbers.h"
#include "cuda_products.h"
#include "cuda_adapters.h"
#include "cuda_attention.h"

EXPORT int32_t ol_cuda_abi(void) { return OL_CUDA_ABI; }

EXPORT int32_t ol_cuda_devices(void) {
  int count = 0;
  int32_t found = status(cudaGetDeviceCount(&count));
  if (found != OL_STRICT_OK) return OL_CUDA_NO_DEVICE;
  return count > 0 ? count : OL_CUDA_NO_DEVICE;
}

EXPORT int32_t ol_cuda_name(char *name, int32_t length) {
  if (length < 1) return OL_STRICT_INVALID;
  cudaDeviceProp properties;
  int32_t found = status(cudaGetDeviceProperties(&properties, 0));
  if (found != OL_STRICT_OK) return found;
  int32_t i = 0;
  for (; i < length - 1 && properties.name[i] != 0; i++) name[i] = properties.name[i];
  name[i] = 0;
  return OL_STRICT_OK;
}

EXPORT const char *ol_cuda_objection(void) { return cudaGetErrorString(last); }

EXPORT int32_t ol_cuda_allocate(int64_t bytes, void **memory) {
  if (bytes < 1) return OL_STRICT_INVALID;
  return status(cudaMalloc(memory, (size_t)bytes));
}

EXPORT int32_t ol_cuda_free(void *memory) { return status(cudaFree(memory)); }

EXPORT int32_t ol_cuda_upload(void *to, const void *from, int64_t bytes) {
  if (bytes < 0) return OL_STRICT_INVALID;
  return status(cudaMemcpy(to, from, (size_t)bytes, cudaMemcpyHostToDevice));
}

EXPORT int32_t ol_cuda_download(void *to, const void *from, int64_t bytes) {
  if (bytes < 0) return OL_STRICT_INVALID;
  return status(cudaMemcpy(to, from, (size_t)bytes, cudaMemcpyDeviceToHost));
}

EXPORT int32_t ol_cuda_linear(int32_t rows, int32_t outputs, int32_t inputs, const float *x, int64_t stride_x,
                              int32_t type, const void *w, int64_t stride_w, float *y, int64_t stride_y,
                              int32_t accumulate) {
  struct weights from = {w, stride_w, type, 0, outputs, inputs};
  return product(rows, x, stride_x, from, y, stride_y, accumulate);
}

EXPORT int32_t ol_cuda_linear_packed(int32_t rows, int32_t outputs, int32_t inputs, const float *x, int64_t stride_x,
                                     int32_t type, const void *packed, float *y, int64_t stride_y,
                                     int32_t accumulate) {
  struct weights from = {packed, 0, type, 1, outputs, inputs};
  return product(rows, x, stride_x, from, y, stride_y, accumulate);
}

EXPORT int32_t ol_cuda_lora(int32_t segments, int32_t rows, const int32_t *starts, const int32_t *ranks,
                            const float *scales, const int64_t *offsets_a, const int64_t *offsets_b, int32_t type,
                            const void *slab, int32_t inputs, int32_t outputs, const float *x, int64_t stride_x,
                            float *y, int64_t stride_y, float *inner) {
  if (segments < 0 || rows < 0 || inputs < 1 || outputs < 1 || parts(outputs, LORA_THREADS) > ROWS_MAX ||
      (type != OL_STRICT_F32 && type != OL_STRICT_BF16)) {
    return OL_STRICT_INVALID;
  }
  if (segments == 0 || rows == 0) return OL_STRICT_OK;
  struct lora_segments l = {starts, ranks, scales, offsets_a, offsets_b, (const char *)slab, type};
  LAUNCH(shrink, dim3(segments, OL_STRICT_RANK_MAX / LORA_RANKS), LORA_THREADS, l, inputs, x, stride_x, inner);
  LAUNCH(expand, dim3(segments, parts(outputs, LORA_THREADS)), LORA_THREADS, l, outputs, inner, y, stride_y);
  return launched();
}

EXPORT int32_t ol_cuda_attention(int32_t rows, int32_t heads, int32_t key_heads, int32_t head_size, float scale,
                                 const float *queries, int64_t stride_queries, const struct ol_strict_pages *pages,
                                 const int32_t *tables, int64_t table_stride, const int32_t *starts,
                                 const int32_t *ends, float *out, int64_t stride_out) {
  if (rows < 0 || key_heads < 1 || heads < key_heads || heads % key_heads != 0 || heads > ROWS_MAX || head_size < 1 ||
      head_size > OL_STRICT_HEAD_MAX || pages->page_tokens < 1) {
    return OL_STRICT_INVALID;
  }
  if (rows == 0) return OL_STRICT_OK;
  struct attended a = {heads / key_heads, head_size, scale,  queries, stride_queries, *pages,
                       tables,            table_stride, starts, ends, out, stride_out};
  LAUNCH(attend, dim3(rows, heads), HEAD_THREADS, a);
  return launched();
}
