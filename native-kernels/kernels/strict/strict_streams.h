/*
 * Few rows on packed weights: up to STREAMS pairs of a row and a panel side by side, because one
 * chain alone would wait for itself. Each reads its own panel once, in order.
 */
#define STREAMS 8
/* How far before its use a panel is asked for: a page ends the processor's own looking ahead. */
#define BYTES_AHEAD 512
/* As many as keep eight chains going. */
#define SIDE_BY_SIDE (LANES / 2)
/* Up to this many rows read panels as they are packed; more read blocks of them from the first-level cache. */
#define FEW_ROWS (LANES == 16 ? 5 : 3)
#define PAIR (LANES / 8)

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

#define WIDE_PER_PANEL (OL_STRICT_PANEL / LANES)

/* Asks for the line in which row p of a panel begins. */
ALWAYS void fetch(int32_t type, const char *panel, int64_t p) {
  __builtin_prefetch(panel + p * OL_STRICT_PANEL * (type == OL_STRICT_F32 ? 4 : 2));
}

/* Where a panel is not all the row's, its sums pass through 16 floats beside the row. */
ALWAYS const float *begin(const struct stream *s, float *held) {
  if (s->columns == OL_STRICT_PANEL) return s->y;
  for (int j = 0; j < s->columns; j++) held[j] = s->y[j];
  for (int j = s->columns; j < OL_STRICT_PANEL; j++) held[j] = 0;
  return held;
}

ALWAYS void finish(const struct stream *s, const float *held) {
  if (s->columns < OL_STRICT_PANEL) {
    for (int j = 0; j < s->columns; j++) s->y[j] = held[j];
  }
}

/* COUNT panels of 16, each with a row of its own. */
ALWAYS void streams_of(const int COUNT, const int32_t type, const struct stream *s, int32_t depth,
                       const struct ending *end) {
  vw sums[STREAMS][WIDE_PER_PANEL];
  const float *x[STREAMS];
  const char *panel[STREAMS];
#pragma GCC unroll 8
  for (int i = 0; i < COUNT; i++) {
    x[i] = s[i].x;
    panel[i] = s[i].panel;
#pragma GCC unroll 2
    for (int v = 0; v < WIDE_PER_PANEL; v++) sums[i][v] = all_wide(0);
    if (end->resume) {
      float held[OL_STRICT_PANEL];
      const float *from = begin(s + i, held);
#pragma GCC unroll 2
      for (int v = 0; v < WIDE_PER_PANEL; v++) sums[i][v] = load_wide(from + v * LANES);
    }
  }
  for (int32_t p = 0; p < depth; p++) {
#pragma GCC unroll 8
    for (int i = 0; i < COUNT; i++) {
      vw a = all_wide(x[i][p]);
#pragma GCC unroll 2
      for (int v = 0; v < WIDE_PER_PANEL; v++) {
        sums[i][v] = fused_wide(a, panel_wide(type, panel[i], (int64_t)p * OL_STRICT_PANEL + v * LANES), sums[i][v]);
      }
      if (COUNT > 1) fetch(type, panel[i] + BYTES_AHEAD, p);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < COUNT; i++) {
    float held[OL_STRICT_PANEL];
    float *to = s[i].columns == OL_STRICT_PANEL ? s[i].y : held;
    if (end->scaled) begin(s + i, held);
#pragma GCC unroll 2
    for (int v = 0; v < WIDE_PER_PANEL; v++) {
      vw sum = sums[i][v];
      if (end->scaled) sum = fused_wide(all_wide(end->scale), sum, load_wide(to + v * LANES));
      store_wide(to + v * LANES, sum);
    }
    finish(s + i, held);
  }
}

/* Panels of eight, of which there is one in a row at most. */
ALWAYS void narrow_streams_of(const int COUNT, const int32_t type, const struct stream *s, int32_t depth,
                              const struct ending *end) {
  v8 sums[STREAMS];
  const float *x[STREAMS];
  const char *panel[STREAMS];
#pragma GCC unroll 8
  for (int i = 0; i < COUNT; i++) {
    x[i] = s[i].x;
    panel[i] = s[i].panel;
    sums[i] = end->resume ? load_part(s[i].y, s[i].columns) : all8(0);
  }
  for (int32_t p = 0; p < depth; p++) {
#pragma GCC unroll 8
    for (int i = 0; i < COUNT; i++) {
      sums[i] = fused8(all8(x[i][p]), panel8(type, panel[i], (int64_t)p * 8), sums[i]);
      if (COUNT > 1 && p % 2 == 0) fetch(type, panel[i] + BYTES_AHEAD, p / 2);
    }
  }
#pragma GCC unroll 8
  for (int i = 0; i < COUNT; i++) {
    v8 sum = sums[i];
    if (end->scaled) sum = fused8(all8(end->scale), sum, load_part(s[i].y, s[i].columns));
    store_part(s[i].y, sum, s[i].columns);
  }
}

/* As many side by side as the registers hold: a chain takes a step only when the last one is done. */
ALWAYS void streams_typed(const int32_t type, int narrow, int32_t count, const struct stream *s,
                          int32_t depth, const struct ending *end) {
  for (; narrow && count >= 8; s += 8, count -= 8) narrow_streams_of(8, type, s, depth, end);
  for (; narrow && count >= 4; s += 4, count -= 4) narrow_streams_of(4, type, s, depth, end);
  for (; narrow && count > 0; s++, count--) narrow_streams_of(1, type, s, depth, end);
  for (; LANES == 16 && count >= 8; s += 8, count -= 8) streams_of(8, type, s, depth, end);
  for (; count >= 4; s += 4, count -= 4) streams_of(4, type, s, depth, end);
  for (; count > 0; s++, count--) streams_of(1, type, s, depth, end);
}

static void run_streams(int32_t type, int narrow, int32_t count, const struct stream *s, int32_t depth,
                        const struct ending *end) {
  if (type == OL_STRICT_F32) streams_typed(OL_STRICT_F32, narrow, count, s, depth, end);
  else streams_typed(OL_STRICT_BF16, narrow, count, s, depth, end);
}

/* ROWS rows and COUNT whole panels that lie one after another; `ahead`, if any, as many that come next. */
ALWAYS void panels_of(const int ROWS, const int COUNT, const int32_t type, const float *x, int64_t stride_x,
                      const char *panels, int32_t depth, float *y, int64_t stride_y, const struct ending *end,
                      const char *ahead) {
  vw sums[FEW_ROWS][STREAMS * WIDE_PER_PANEL];
  int64_t apart = (int64_t)depth * OL_STRICT_PANEL * (type == OL_STRICT_F32 ? 4 : 2);
#pragma GCC unroll 8
  for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 16
    for (int i = 0; i < COUNT * WIDE_PER_PANEL; i++) {
      sums[r][i] = end->resume ? load_wide(y + r * stride_y + i * LANES) : all_wide(0);
    }
  }
  for (int32_t p = 0; p < depth; p++) {
    vw w[STREAMS * WIDE_PER_PANEL];
#pragma GCC unroll 16
    for (int i = 0; i < COUNT * WIDE_PER_PANEL; i++) {
      int64_t at = (int64_t)p * OL_STRICT_PANEL + i % WIDE_PER_PANEL * LANES;
      w[i] = panel_wide(type, panels + i / WIDE_PER_PANEL * apart, at);
    }
    if (ROWS == 1 && ahead != NULL) {
#pragma GCC unroll 8
      for (int i = 0; i < COUNT; i++) fetch(type, ahead, (int64_t)p * COUNT + i);
    }
#pragma GCC unroll 8
    for (int r = 0; r < ROWS; r++) {
      vw a = all_wide(x[r * stride_x + p]);
#pragma GCC unroll 16
      for (int i = 0; i < COUNT * WIDE_PER_PANEL; i++) sums[r][i] = fused_wide(a, w[i], sums[r][i]);
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 16
    for (int i = 0; i < COUNT * WIDE_PER_PANEL; i++) {
      float *to = y + r * stride_y + i * LANES;
      store_wide(to, end->scaled ? fused_wide(all_wide(end->scale), sums[r][i], load_wide(to)) : sums[r][i]);
    }
  }
}

ALWAYS void row_typed(const int32_t type, int32_t outputs, int32_t inputs, const float *x, const char *packed,
                      float *y, const struct ending *end, const char *ahead) {
  int64_t panel = (int64_t)OL_STRICT_PANEL * inputs * (type == OL_STRICT_F32 ? 4 : 2);
  int32_t first = 0;
  for (; first + SIDE_BY_SIDE * OL_STRICT_PANEL <= outputs; first += SIDE_BY_SIDE * OL_STRICT_PANEL) {
    int64_t at = first / OL_STRICT_PANEL * panel;
    panels_of(1, SIDE_BY_SIDE, type, x, 0, packed + at, inputs, y + first, 0, end, ahead == NULL ? NULL : ahead + at);
  }
  for (; first < outputs; first += OL_STRICT_PANEL) {
    int32_t left = outputs - first;
    struct stream last = {x, packed + first / OL_STRICT_PANEL * panel, y + first,
                          left < OL_STRICT_PANEL ? left : OL_STRICT_PANEL};
    streams_typed(type, left <= 8, 1, &last, inputs, end);
  }
}

/* One row times packed weights; `ahead`, if any, is as long and will be wanted next. */
static void row_packed(int32_t outputs, int32_t inputs, const float *x, int32_t type, const void *packed, float *y,
                       const struct ending *end, const char *ahead) {
  if (type == OL_STRICT_F32) row_typed(OL_STRICT_F32, outputs, inputs, x, packed, y, end, ahead);
  else row_typed(OL_STRICT_BF16, outputs, inputs, x, packed, y, end, ahead);
}

/* Up to FEW_ROWS rows times PAIR panels. */
ALWAYS void pairs_of(const int32_t type, int32_t rows, const float *x, int64_t stride_x, const char *panels,
                     int32_t depth, float *y, int64_t stride_y, const struct ending *end) {
  switch (rows) {
#define CASE(ROWS) \
  case ROWS: panels_of(ROWS, PAIR, type, x, stride_x, panels, depth, y, stride_y, end, NULL); return;
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5)
#undef CASE
  }
}

/* Up to FEW_ROWS rows times packed weights, which are read once. */
ALWAYS void rows_typed(const int32_t type, int32_t rows, int32_t outputs, int32_t inputs, const float *x,
                       int64_t stride_x, const char *packed, float *y, int64_t stride_y, const struct ending *end) {
  int64_t panel = (int64_t)OL_STRICT_PANEL * inputs * (type == OL_STRICT_F32 ? 4 : 2);
  int32_t whole = outputs / (PAIR * OL_STRICT_PANEL) * (PAIR * OL_STRICT_PANEL);
  for (int32_t first = 0; first < whole; first += PAIR * OL_STRICT_PANEL) {
    const char *from = packed + first / OL_STRICT_PANEL * panel;
    pairs_of(type, rows, x, stride_x, from, inputs, y + first, stride_y, end);
  }
  for (int64_t i = 0; i < rows && whole < outputs; i++) {
    row_typed(type, outputs - whole, inputs, x + i * stride_x, packed + whole / OL_STRICT_PANEL * panel,
              y + i * stride_y + whole, end, NULL);
  }
}

/* From this many rows of one adapter on, expanding it once pays. */
#define ROWS_OF_BLOCKS 3
