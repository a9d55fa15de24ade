/*
 * Products: a thread owns whole outputs, so each sum stays in one register and takes its factors in
 * ascending order; a block only shares what it reads.
 */
#define TILE 64
#define TILE_DEPTH 16
#define TILE_EACH 4
#define TILE_THREADS 256

/* TILE rows x TILE outputs in a block, TILE_EACH x TILE_EACH of them in a thread. */
__global__ void tile_product(int32_t rows, const float *x, int64_t stride_x, struct weights w, float *y,
                             int64_t stride_y, int32_t accumulate) {
  __shared__ float left[TILE_DEPTH][TILE], right[TILE_DEPTH][TILE];
  int32_t row = blockIdx.y * TILE, first = blockIdx.x * TILE;
  int32_t down = threadIdx.x / (TILE / TILE_EACH), across = threadIdx.x % (TILE / TILE_EACH);
  float sums[TILE_EACH][TILE_EACH];
  for (int i = 0; i < TILE_EACH; i++) {
    for (int j = 0; j < TILE_EACH; j++) {
      int32_t r = row + i * (TILE / TILE_EACH) + down, n = first + j * (TILE / TILE_EACH) + across;
      sums[i][j] = accumulate && r < rows && n < w.outputs ? y[r * stride_y + n] : 0;
    }
  }
  for (int32_t from = 0; from < w.inputs; from += TILE_DEPTH) {
    int32_t depth = w.inputs - from < TILE_DEPTH ? w.inputs - from : TILE_DEPTH;
    for (int32_t i = threadIdx.x; i < TILE * TILE_DEPTH; i += TILE_THREADS) {
      int32_t k = i % TILE_DEPTH, r = row + i / TILE_DEPTH;
      left[k][i / TILE_DEPTH] = k < depth && r < rows ? x[r * stride_x + from + k] : 0;
      /* Packed weights lie side by side by output, others by input. */
      int32_t p = w.packed ? i / TILE : i % TILE_DEPTH, o = w.packed ? i % TILE : i / TILE_DEPTH;
      right[p][o] = p < depth && first + o < w.outputs ? weight(w, first + o, from + p) : 0;
    }
    __syncthreads();
    for (int32_t k = 0; k < depth; k++) {
      for (int i = 0; i < TILE_EACH; i++) {
        float a = left[k][i * (TILE / TILE_EACH) + down];
        for (int j = 0; j < TILE_EACH; j++) {
          sums[i][j] = fused(a, right[k][j * (TILE / TILE_EACH) + across], sums[i][j]);
        }
      }
    }
    __syncthreads();
  }
  for (int i = 0; i < TILE_EACH; i++) {
    for (int j = 0; j < TILE_EACH; j++) {
      int32_t r = row + i * (TILE / TILE_EACH) + down, n = first + j * (TILE / TILE_EACH) + across;
      if (r < rows && n < w.outputs) y[r * stride_y + n] = sums[i][j];
    }
  }
}

/* Up to this many rows one thread an output is enough. */
#define FEW_ROWS 8
#define ROW_THREADS 128

__global__ void row_product(const float *x, int64_t stride_x, struct weights w, float *y, int64_t stride_y,
                            int32_t accumulate) {
  __shared__ float held[ROW_THREADS];
  int64_t row = blockIdx.y;
  int32_t n = blockIdx.x * ROW_THREADS + threadIdx.x;
  float chain = accumulate && n < w.outputs ? y[row * stride_y + n] : 0;
  for (int32_t from = 0; from < w.inputs; from += ROW_THREADS) {
    int32_t depth = w.inputs - from < ROW_THREADS ? w.inputs - from : ROW_THREADS;
    if ((int32_t)threadIdx.x < depth) held[threadIdx.x] = x[row * stride_x + from + threadIdx.x];
    __syncthreads();
    if (n < w.outputs) {
      for (int32_t k = 0; k < depth; k++) chain = fused(held[k], weight(w, n, from + k), chain);
    }
    __syncthreads();
  }
  if (n < w.outputs) y[row * stride_y + n] = chain;
}

static int32_t product(int32_t rows, const float *x, int64_t stride_x, struct weights w, float *y, int64_t stride_y,
                       int32_t accumulate) {
  if (rows < 0 || rows > ROWS_MAX || w.outputs < 1 || w.inputs < 1 ||
      (w.type != OL_STRICT_F32 && w.type != OL_STRICT_BF16)) {
    return OL_STRICT_INVALID;
  }
  if (rows == 0) return OL_STRICT_OK;
  if (rows <= FEW_ROWS) {
    LAUNCH(row_product, dim3(parts(w.outputs, ROW_THREADS), rows), ROW_THREADS, x, stride_x, w, y, stride_y,
           accumulate);
  } else {
    LAUNCH(tile_product, dim3(parts(w.outputs, TILE), parts(rows, TILE)), TILE_THREADS, rows, x, stride_x, w, y,
           stride_y, accumulate);
  }
  return launched();
}
