/*
 * StrictProducts but the adapters. Every sum lives in one lane of one register and takes its
 * factors one by one, in ascending order; blocks of depth go on from the stored sum.
 */

/* ROWS x TILE_COLUMNS sums; rows of the left matrix are contiguous in depth. */
ALWAYS void tile_of(const int ROWS, int32_t depth, const float *left, int64_t stride_left, const float *right,
                    float *y, int64_t stride_y, int resume, int scaled, float scale) {
  vw sums[TILE_ROWS][TILE_WIDE];
#pragma GCC unroll 12
  for (int i = 0; i < ROWS; i++) {
#pragma GCC unroll 2
    for (int v = 0; v < TILE_WIDE; v++) {
      sums[i][v] = resume ? load_wide(y + i * stride_y + v * LANES) : all_wide(0);
    }
  }
  for (int32_t p = 0; p < depth; p++, right += TILE_COLUMNS) {
    vw b[TILE_WIDE];
#pragma GCC unroll 2
    for (int v = 0; v < TILE_WIDE; v++) b[v] = load_wide(right + v * LANES);
#pragma GCC unroll 12
    for (int i = 0; i < ROWS; i++) {
      vw a = all_wide(left[i * stride_left + p]);
#pragma GCC unroll 2
      for (int v = 0; v < TILE_WIDE; v++) sums[i][v] = fused_wide(a, b[v], sums[i][v]);
    }
  }
#pragma GCC unroll 12
  for (int i = 0; i < ROWS; i++) {
#pragma GCC unroll 2
    for (int v = 0; v < TILE_WIDE; v++) {
      float *to = y + i * stride_y + v * LANES;
      store_wide(to, scaled ? fused_wide(all_wide(scale), sums[i][v], load_wide(to)) : sums[i][v]);
    }
  }
}

static void tile(int32_t rows, int32_t depth, const float *left, int64_t stride_left, const float *right, float *y,
                 int64_t stride_y, int resume, int scaled, float scale) {
  switch (rows) {
#define CASE(ROWS) \
  case ROWS: tile_of(ROWS, depth, left, stride_left, right, y, stride_y, resume, scaled, scale); return;
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#if TILE_ROWS > 6
    CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
#endif
#undef CASE
  }
}

/* A tile that is narrower than registers is computed beside the matrix. */
static void edge_tile(int32_t rows, int32_t columns, int32_t depth, const float *left, int64_t stride_left,
                      const float *right, float *y, int64_t stride_y, int resume, int scaled, float scale,
                      float *edge) {
  for (int32_t i = 0; i < rows; i++) {
    for (int32_t j = 0; j < TILE_COLUMNS; j++) edge[i * TILE_COLUMNS + j] = j < columns ? y[i * stride_y + j] : 0;
  }
  tile(rows, depth, left, stride_left, right, edge, TILE_COLUMNS, resume, scaled, scale);
  for (int32_t i = 0; i < rows; i++) {
    memcpy(y + i * stride_y, edge + i * TILE_COLUMNS, (size_t)columns * sizeof(float));
  }
}

/* The left matrix: value p of row i at i * stride_row + p * stride_value. */
struct left {
  const float *from;
  int64_t stride_row, stride_value;
};

struct into {
  float *y;
  int64_t stride;
  int accumulate, scaled;
  float scale;
};

static void row_tile(const struct left *a, int32_t i, int32_t rows, int32_t from, int32_t depth, int32_t first,
                     int32_t width, const struct into *y, struct workspace *w) {
  const float *left = a->from + i * a->stride_row + from * a->stride_value;
  int64_t stride = a->stride_row;
  if (a->stride_value != 1) {
    for (int32_t p = 0; p < depth; p++) {
      for (int32_t r = 0; r < rows; r++) w->left[r * DEPTH + p] = left[r * a->stride_row + p * a->stride_value];
    }
    left = w->left;
    stride = DEPTH;
  }
  int resume = from > 0 || y->accumulate;
  for (int32_t j = 0; j < width; j += TILE_COLUMNS) {
    float *to = y->y + i * y->stride + first + j;
    const float *right = w->right + (int64_t)j * depth;
    if (j + TILE_COLUMNS <= width) {
      tile(rows, depth, left, stride, right, to, y->stride, resume, y->scaled, y->scale);
    } else {
      edge_tile(rows, width - j, depth, left, stride, right, to, y->stride, resume, y->scaled, y->scale, w->edge);
    }
  }
}

/* Where part t of so many begins. */
ALWAYS int32_t part(int32_t all, int32_t t, int32_t parts) { return (int32_t)((int64_t)all * t / parts); }

static void multiply(int32_t rows, int32_t columns, int32_t depth, const struct left *a, fill fill_block,
                     const struct right *b, const struct into *y, struct workspace *w) {
  /* As even as can be: a tile of one row would leave the multipliers waiting for its sums. */
  int32_t tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
  for (int32_t first = 0; first < columns; first += COLUMNS) {
    int32_t width = columns - first < COLUMNS ? columns - first : COLUMNS;
    int32_t from = 0;
    do {
      int32_t deep = depth - from < DEPTH ? depth - from : DEPTH;
      fill_block(b, from, deep, first, width, w->right);
      for (int32_t t = 0; t < tiles; t++) {
        int32_t i = part(rows, t, tiles);
        row_tile(a, i, part(rows, t + 1, tiles) - i, from, deep, first, width, y, w);
      }
      from += DEPTH;
    } while (from < depth);
  }
}

ALWAYS int product_fits(int32_t rows, int32_t outputs, int32_t inputs, int32_t type) {
  return rows >= 0 && outputs >= 1 && inputs >= 1 && (type == OL_STRICT_F32 || type == OL_STRICT_BF16);
}

static int32_t linear(int32_t rows, int32_t outputs, int32_t inputs, const float *x, int64_t stride_x, int32_t type,
                      const void *w, int64_t stride_w, float *y, int64_t stride_y, int32_t accumulate,
                      void *workspace) {
  if (!product_fits(rows, outputs, inputs, type)) return OL_STRICT_INVALID;
  struct left a = {x, stride_x, 1};
  struct right b = {w, stride_w, type, outputs, inputs};
  struct into to = {y, stride_y, accumulate, 0, 0};
  if (rows > 0) multiply(rows, outputs, inputs, &a, fill_transposed, &b, &to, workspace);
  return OL_STRICT_OK;
}

static int32_t linear_input_gradient(int32_t rows, int32_t outputs, int32_t inputs, const float *dy,
                                     int64_t stride_dy, int32_t type, const void *w, int64_t stride_w, float *dx,
                                     int64_t stride_dx, int32_t accumulate, void *workspace) {
  if (!product_fits(rows, outputs, inputs, type)) return OL_STRICT_INVALID;
  struct left a = {dy, stride_dy, 1};
  struct right b = {w, stride_w, type, inputs, outputs};
  struct into to = {dx, stride_dx, accumulate, 0, 0};
  if (rows > 0) multiply(rows, inputs, outputs, &a, fill_straight, &b, &to, workspace);
  return OL_STRICT_OK;
}

static int32_t linear_weight_gradient(int32_t rows, int32_t outputs, int32_t inputs, const float *dy,
                                      int64_t stride_dy, const float *x, int64_t stride_x, float *dw,
                                      int64_t stride_dw, int32_t accumulate, void *workspace) {
  if (!product_fits(rows, outputs, inputs, OL_STRICT_F32)) return OL_STRICT_INVALID;
  struct left a = {dy, 1, stride_dy};
  struct right b = {x, stride_x, OL_STRICT_F32, inputs, rows};
  struct into to = {dw, stride_dw, accumulate, 0, 0};
  multiply(outputs, inputs, rows, &a, fill_straight, &b, &to, workspace);
  return OL_STRICT_OK;
}

static int32_t pack(int32_t outputs, int32_t inputs, int32_t type, const void *w, int64_t stride_w, void *packed) {
  if (!product_fits(0, outputs, inputs, type)) return OL_STRICT_INVALID;
  for (int32_t first = 0; first < outputs; first += OL_STRICT_PANEL) {
    int32_t lanes = panel_lanes(outputs, first);
    int64_t base = (int64_t)first * inputs;
    for (int32_t j = 0; j < lanes; j++) {
      int64_t row = (first + j) * stride_w;
      for (int32_t p = 0; p < inputs; p++) {
        int64_t to = base + (int64_t)p * lanes + j;
        if (type == OL_STRICT_F32) {
          ((float *)packed)[to] = first + j < outputs ? ((const float *)w)[row + p] : 0;
        } else {
          ((uint16_t *)packed)[to] = first + j < outputs ? ((const uint16_t *)w)[row + p] : 0;
        }
      }
    }
  }
  return OL_STRICT_OK;
}
