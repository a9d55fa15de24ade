/* Adapters: a block takes rows of one segment together, so that what they share is read once for all. */
#define LORA_RANKS 16
#define LORA_ROWS 8
#define LORA_THREADS (LORA_RANKS * LORA_ROWS)
#define LORA_DEPTH 32

struct lora_segments {
  const int32_t *starts, *ranks;
  const float *scales;
  const int64_t *offsets_a, *offsets_b;
  const char *slab;
  int32_t type;
};

__device__ static struct weights half_of(const struct lora_segments &l, const int64_t *offsets, int32_t outputs,
                                         int32_t inputs) {
  struct weights w = {l.slab + offsets[blockIdx.x], 0, l.type, 1, outputs, inputs};
  return w;
}

/* inner = x . A', LORA_RANKS of the rank in a block. */
__global__ void shrink(struct lora_segments l, int32_t inputs, const float *x, int64_t stride_x, float *inner) {
  __shared__ float rows[LORA_ROWS][LORA_DEPTH], a[LORA_DEPTH][LORA_RANKS];
  int32_t rank = l.ranks[blockIdx.x], first = blockIdx.y * LORA_RANKS;
  if (first >= rank) return;
  struct weights w = half_of(l, l.offsets_a, rank, inputs);
  int32_t lane = threadIdx.x % LORA_RANKS, down = threadIdx.x / LORA_RANKS;
  int32_t end = l.starts[blockIdx.x + 1];
  for (int32_t row = l.starts[blockIdx.x]; row < end; row += LORA_ROWS) {
    float chain = 0;
    for (int32_t from = 0; from < inputs; from += LORA_DEPTH) {
      int32_t depth = inputs - from < LORA_DEPTH ? inputs - from : LORA_DEPTH;
      for (int32_t i = threadIdx.x; i < LORA_DEPTH * LORA_RANKS; i += LORA_THREADS) {
        int32_t k = i / LORA_RANKS, n = first + i % LORA_RANKS;
        a[k][i % LORA_RANKS] = k < depth && n < rank ? weight(w, n, from + k) : 0;
      }
      for (int32_t i = threadIdx.x; i < LORA_DEPTH * LORA_ROWS; i += LORA_THREADS) {
        int32_t k = i % LORA_DEPTH, r = i / LORA_DEPTH;
        rows[r][k] = k < depth && row + r < end ? x[(row + r) * stride_x + from + k] : 0;
      }
      __syncthreads();
      for (int32_t k = 0; k < depth; k++) chain = fused(rows[down][k], a[k][lane], chain);
      __syncthreads();
    }
    if (row + down < end && first + lane < rank) {
      inner[(int64_t)(row + down) * OL_STRICT_RANK_MAX + first + lane] = chain;
    }
  }
}

/* y = fma(scale, inner . B', y), a thread an output. */
__global__ void expand(struct lora_segments l, int32_t outputs, const float *inner, float *y, int64_t stride_y) {
  __shared__ float held[LORA_ROWS][OL_STRICT_RANK_MAX];
  int32_t rank = l.ranks[blockIdx.x];
  if (rank == 0) return;
  struct weights w = half_of(l, l.offsets_b, outputs, rank);
  float scale = l.scales[blockIdx.x];
  int32_t n = blockIdx.y * LORA_THREADS + threadIdx.x, end = l.starts[blockIdx.x + 1];
  for (int32_t row = l.starts[blockIdx.x]; row < end; row += LORA_ROWS) {
    int32_t count = end - row < LORA_ROWS ? end - row : LORA_ROWS;
    for (int32_t i = threadIdx.x; i < count * rank; i += LORA_THREADS) {
      held[i / rank][i % rank] = inner[(int64_t)(row + i / rank) * OL_STRICT_RANK_MAX + i % rank];
    }
    __syncthreads();
    if (n < outputs) {
      float chains[LORA_ROWS];
#pragma unroll
      for (int r = 0; r < LORA_ROWS; r++) chains[r] = 0;
      for (int32_t k = 0; k < rank; k++) {
        float b = weight(w, n, k);
#pragma unroll
        for (int r = 0; r < LORA_ROWS; r++) {
          if (r < count) chains[r] = fused(held[r][k], b, chains[r]);
        }
      }
#pragma unroll
      for (int r = 0; r < LORA_ROWS; r++) {
        if (r < count) {
          float *to = y + (row + r) * stride_y + n;
          *to = fused(scale, chains[r], *to);
        }
      }
    }
    __syncthreads();
  }
}
