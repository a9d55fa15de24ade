/* Attention: a block is one head of one row. Splits of 64 tokens from token 0, merged in their order. */
#define HEAD_THREADS 128
#define HEAD_EACH (OL_STRICT_HEAD_MAX / HEAD_THREADS)

struct attended {
  int32_t group, head_size;
  float scale;
  const float *queries;
  int64_t stride_queries;
  struct ol_strict_pages pages;
  const int32_t *tables;
  int64_t table_stride;
  const int32_t *starts, *ends;
  float *out;
  int64_t stride_out;
};

__device__ static const float *entry(const float *base, const struct attended &a, int64_t shift, int32_t token) {
  const int32_t *table = a.tables + blockIdx.x * a.table_stride;
  return base + table[token / a.pages.page_tokens] * a.pages.page_stride +
         token % a.pages.page_tokens * a.pages.token_stride + shift;
}

__global__ void attend(struct attended a) {
  __shared__ float query[OL_STRICT_HEAD_MAX], weights[OL_STRICT_SPLIT];
  int64_t row = blockIdx.x;
  int32_t head = blockIdx.y, start = a.starts[row], end = a.ends[row];
  int64_t shift = head / a.group * a.pages.head_stride;
  const float *from_query = a.queries + row * a.stride_queries + (int64_t)head * a.head_size;
  for (int32_t i = threadIdx.x; i < a.head_size; i += HEAD_THREADS) query[i] = from_query[i];
  float sums[HEAD_EACH], top = 0, total = 0;
  for (int e = 0; e < HEAD_EACH; e++) sums[e] = 0;
  for (int32_t from = start; from < end;) {
    int32_t to = (from / OL_STRICT_SPLIT + 1) * OL_STRICT_SPLIT;
    if (to > end) to = end;
    int32_t count = to - from, t = threadIdx.x;
    __syncthreads();
    if (t < count) weights[t] = dot(query, entry(a.pages.keys, a, shift, from + t), a.head_size) * a.scale;
    __syncthreads();
    float max = -INFINITY;
    for (int32_t i = 0; i < count; i++) max = weights[i] > max ? weights[i] : max;
    __syncthreads();
    if (t < count) weights[t] = exp1(weights[t] - max);
    __syncthreads();
    float part = sum(weights, count), higher = max > top ? max : top;
    float before = exp1(top - higher), now = exp1(max - higher);
    for (int e = 0; e < HEAD_EACH; e++) {
      int32_t d = e * HEAD_THREADS + t;
      if (d >= a.head_size) break;
      float own = 0;
      for (int32_t i = 0; i < count; i++) own = fused(weights[i], entry(a.pages.values, a, shift, from + i)[d], own);
      sums[e] = from == start ? own : fused(sums[e], before, own * now);
    }
    total = from == start ? part : fused(total, before, part * now);
    top = from == start ? max : higher;
    from = to;
  }
  float part = 1.0f / total;
  for (int e = 0; e < HEAD_EACH; e++) {
    int32_t d = e * HEAD_THREADS + threadIdx.x;
    if (d < a.head_size) a.out[row * a.stride_out + (int64_t)head * a.head_size + d] = sums[e] * part;
  }
}
