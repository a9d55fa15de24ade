/*
 * Few rows on packed weights: up to STREAMS pairs of a row and a panel side by side, because one
 * chain alone would wait for itself. Each reads its own panel once, in order.
 */
#define STREAMS 8

struct stream {
  const float *x;
  const char *panel;
  float *y;
  int32_t columns;
};

struct ending {
  int resume, scaled;
  float scale;
};

ALWAYS v8 panel8(int32_t type, const char *panel, int64_t at) {
  return type == OL_STRICT_F32 ? load8((const float *)panel + at) : expand8((const uint16_t *)panel + at);
}

ALWAYS vw panel_wide(int32_t type, const char *panel, int64_t at) {
  return type == OL_STRICT_F32 ? load_wide((const float *)panel + at) : expand_wide((const uint16_t *)panel + at);
}

/* What a chain starts from and how it ends, beside the panel's 16 columns of which some are the row's. */
ALWAYS void begin(const struct stream *s, const struct ending *end, float *held) {
  for (int j = 0; j < OL_STRICT_PANEL; j++) held[j] = 0;
  if (end->resume) memcpy(held, s->y, (size_t)s->columns * sizeof(float));
}

ALWAYS void finish(const struct stream *s, const struct ending *end, float *held) {
  if (end->scaled) {
    for (int j = 0; j < s->columns; j++) held[j] = fused(end->scale, held[j], s->y[j]);
  }
  memcpy(s->y, held, (size_t)s->columns * sizeof(float));
}

#define WIDE_PER_PANEL (OL_STRICT_PANEL / LANES)

ALWAYS void streams_of(const int COUNT, const int32_t type, const struct stream *s, int32_t depth,
                       const struct ending *end) {
  vw sums[STREAMS][WIDE_PER_PANEL];
  const float *x[STREAMS];
  const char *panel[STREAMS];
#pragma GCC unroll 8
  for (int i = 0; i < COUNT; i++) {
    float held[OL_STRICT_PANEL];
    begin(s + i, end, held);
    x[i] = s[i].x;
    panel[i] = s[i].panel;
#pragma GCC unroll 2
    for (int v = 0; v < WIDE_PER_PANEL; v++) sums[i][v] = load_wide(held + v * LANES);
  }
  for (int32_t p = 0; p < depth; p++) {
#pragma GCC unroll 8
    for (int i = 0; i < COUNT; i++) {
      vw a = all_wide(x[i][p]);
#pragma GCC unroll 2
      for (int v = 0; v < WIDE_PER_PANEL; v++) {
        sums[i][v] = fused_wide(a, panel_wide(type, panel[i], (int64_t)p * OL_STRICT_PANEL + v * LANES), sums[i][v]);
      }
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < COUNT; i++) {
    float held[OL_STRICT_PANEL];
#pragma GCC unroll 2
    for (int v = 0; v < WIDE_PER_PANEL; v++) store_wide(held + v * LANES, sums[i][v]);
    finish(s + i, end, held);
  }
}

/* Panels of eight. */
ALWAYS void narrow_streams_of(const int COUNT, const int32_t type, const struct stream *s, int32_t depth,
                              const struct ending *end) {
  v8 sums[STREAMS];
  const float *x[STREAMS];
  const char *panel[STREAMS];
#pragma GCC unroll 8
  for (int i = 0; i < COUNT; i++) {
    float held[OL_STRICT_PANEL];
    begin(s + i, end, held);
    x[i] = s[i].x;
    panel[i] = s[i].panel;
    sums[i] = load8(held);
  }
  for (int32_t p = 0; p < depth; p++) {
#pragma GCC unroll 8
    for (int i = 0; i < COUNT; i++) {
      sums[i] = fused8(all8(x[i][p]), panel8(type, panel[i], (int64_t)p * 8), sums[i]);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < COUNT; i++) {
    float held[OL_STRICT_PANEL];
    store8(held, sums[i]);
    finish(s + i, end, held);
  }
}

ALWAYS void streams_typed(const int32_t type, int narrow, int32_t count, const struct stream *s, int32_t depth,
                          const struct ending *end) {
  while (count > 0) {
    int step;
    if (narrow) {
      step = count >= 8 ? 8 : count >= 4 ? 4 : 1;
      if (step == 8) narrow_streams_of(8, type, s, depth, end);
      else if (step == 4) narrow_streams_of(4, type, s, depth, end);
      else narrow_streams_of(1, type, s, depth, end);
    } else {
#if LANES == 16
      step = count >= 8 ? 8 : count >= 4 ? 4 : 1;
      if (step == 8) streams_of(8, type, s, depth, end);
      else
#else
      step = count >= 4 ? 4 : 1;
#endif
      if (step == 4) streams_of(4, type, s, depth, end);
      else streams_of(1, type, s, depth, end);
    }
    s += step;
    count -= step;
  }
}

static void run_streams(int32_t type, int narrow, int32_t count, const struct stream *s, int32_t depth,
                        const struct ending *end) {
  if (type == OL_STRICT_F32) streams_typed(OL_STRICT_F32, narrow, count, s, depth, end);
  else streams_typed(OL_STRICT_BF16, narrow, count, s, depth, end);
}

/* One row times packed weights. */
static void row_packed(int32_t outputs, int32_t inputs, const float *x, int32_t type, const void *packed, float *y,
                       const struct ending *end) {
  int64_t bytes = type == OL_STRICT_F32 ? 4 : 2;
  struct stream streams[STREAMS];
  int32_t count = 0;
  for (int32_t first = 0; first < outputs; first += OL_STRICT_PANEL) {
    int32_t left = outputs - first;
    struct stream next = {x, (const char *)packed + (int64_t)first * inputs * bytes, y + first,
                          left < OL_STRICT_PANEL ? left : OL_STRICT_PANEL};
    if (left <= 8) {
      run_streams(type, 1, 1, &next, inputs, end);
    } else {
      streams[count++] = next;
      if (count == STREAMS) {
        run_streams(type, 0, count, streams, inputs, end);
        count = 0;
      }
    }
  }
  run_streams(type, 0, count, streams, inputs, end);
}

/* From this many rows on, expanding a block of weights once pays. */
#define ROWS_OF_BLOCKS 3

static int32_t linear_packed(int32_t rows, int32_t outputs, int32_t inputs, const float *x, int64_t stride_x,
                             int32_t type, const void *packed, float *y, int64_t stride_y, int32_t accumulate,
                             void *workspace) {
  if (!product_fits(rows, outputs, inputs, type)) return OL_STRICT_INVALID;
  if (rows >= ROWS_OF_BLOCKS) {
    struct left a = {x, stride_x, 1};
    struct right b = {packed, 0, type, outputs, inputs};
    struct into to = {y, stride_y, accumulate, 0, 0};
    multiply(rows, outputs, inputs, &a, fill_packed, &b, &to, workspace);
    return OL_STRICT_OK;
  }
  struct ending end = {accumulate, 0, 0};
  for (int64_t i = 0; i < rows; i++) {
    row_packed(outputs, inputs, x + i * stride_x, type, packed, y + i * stride_y, &end);
  }
  return OL_STRICT_OK;
}
