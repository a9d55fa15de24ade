/*
 * Many rows times packed weights. A block of DEPTH of a tile's panels stays in the first-level cache while all rows
 * pass, bf16 expanded once; meanwhile the next is on its way from memory.
 */
/* The next block, as a tile asks for it: `step` bytes of each panel for each value of depth. */
struct later {
  uintptr_t from;
  int64_t apart, step;
};

/* ROWS rows times PAIR panels of fp32 that lie `apart`, to sums that begin at zero or go on. */
ALWAYS void tile_of_panels(const int ROWS, int32_t depth, const float *x, int64_t stride_x, const float *panels,
                           int64_t apart, float *y, int64_t stride_y, int resume, const struct later *later) {
  vw sums[TILE_ROWS][TILE_WIDE];
#pragma GCC unroll 12
  for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 2
    for (int v = 0; v < TILE_WIDE; v++) sums[r][v] = resume ? load_wide(y + r * stride_y + v * LANES) : all_wide(0);
  }
  for (int32_t p = 0; p < depth; p++) {
    vw w[TILE_WIDE];
#pragma GCC unroll 2
    for (int v = 0; v < TILE_WIDE; v++) {
      w[v] = load_wide(panels + v * LANES / OL_STRICT_PANEL * apart + p * OL_STRICT_PANEL + v * LANES % OL_STRICT_PANEL);
    }
#pragma GCC unroll 2
    for (int i = 0; i < PANELS_OF_TILE; i++) SOON(later->from + i * later->apart + p * later->step);
#pragma GCC unroll 12
    for (int r = 0; r < ROWS; r++) {
      vw a = all_wide(x[r * stride_x + p]);
#pragma GCC unroll 2
      for (int v = 0; v < TILE_WIDE; v++) sums[r][v] = fused_wide(a, w[v], sums[r][v]);
    }
  }
#pragma GCC unroll 12
  for (int r = 0; r < ROWS; r++) {
#pragma GCC unroll 2
    for (int v = 0; v < TILE_WIDE; v++) store_wide(y + r * stride_y + v * LANES, sums[r][v]);
  }
}

static void panels_tile(int32_t rows, int32_t depth, const float *x, int64_t stride_x, const float *panels,
                        int64_t apart, float *y, int64_t stride_y, int resume, const struct later *later) {
  switch (rows) {
#define CASE(ROWS) \
  case ROWS: tile_of_panels(ROWS, depth, x, stride_x, panels, apart, y, stride_y, resume, later); return;
    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6)
#if TILE_ROWS > 6
    CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
#endif
#undef CASE
  }
}

ALWAYS void expand_panel(const uint16_t *from, int64_t count, float *to) {
  for (int64_t i = 0; i < count; i += LANES) store_wide(to + i, expand_wide(from + i));
}

static void many_rows(int32_t rows, int32_t outputs, int32_t inputs, const float *x, int64_t stride_x, int32_t type,
                      const char *packed, float *y, int64_t stride_y, int accumulate, struct workspace *w) {
  int64_t size = type == OL_STRICT_F32 ? 4 : 2, panel = (int64_t)OL_STRICT_PANEL * inputs;
  int32_t whole = outputs / TILE_COLUMNS * TILE_COLUMNS, tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
  for (int32_t first = 0; first < whole; first += TILE_COLUMNS) {
    for (int32_t from = 0; from < inputs; from += DEPTH) {
      int32_t deep = inputs - from < DEPTH ? inputs - from : DEPTH;
      const char *block = packed + ((int64_t)first * inputs + (int64_t)from * OL_STRICT_PANEL) * size;
      /* After the last of these panels begin the next ones. */
      int64_t next = from + DEPTH < inputs ? DEPTH : (int64_t)PANELS_OF_TILE * inputs - from;
      const float *panels = (const float *)block;
      int64_t apart = panel;
      if (type == OL_STRICT_BF16) {
        for (int i = 0; i < PANELS_OF_TILE; i++) {
          expand_panel((const uint16_t *)block + i * panel, (int64_t)deep * OL_STRICT_PANEL,
                       w->right + (int64_t)i * DEPTH * OL_STRICT_PANEL);
        }
        panels = w->right;
        apart = DEPTH * OL_STRICT_PANEL;
      }
      int64_t step = (OL_STRICT_PANEL * size + tiles - 1) / tiles;
      for (int32_t t = 0; t < tiles; t++) {
        int64_t i = part(rows, t, tiles);
        struct later later = {(uintptr_t)block + next * OL_STRICT_PANEL * size + t * step * deep, panel * size, step};
        panels_tile(part(rows, t + 1, tiles) - (int32_t)i, deep, x + i * stride_x + from, stride_x, panels, apart,
                    y + i * stride_y + first, stride_y, accumulate || from > 0, &later);
      }
    }
  }
  struct ending end = {accumulate, 0, 0};
  for (int64_t i = 0; i < rows && whole < outputs; i++) {
    row_packed(outputs - whole, inputs, x + i * stride_x, type, packed + (int64_t)whole * inputs * size,
               y + i * stride_y + whole, &end, NULL);
  }
}

static int32_t linear_packed(int32_t rows, int32_t outputs, int32_t inputs, const float *x, int64_t stride_x,
                             int32_t type, const void *packed, float *y, int64_t stride_y, int32_t accumulate,
                             void *workspace) {
  if (!product_fits(rows, outputs, inputs, type)) return OL_STRICT_INVALID;
  struct ending end = {accumulate, 0, 0};
  if (rows > FEW_ROWS) {
    many_rows(rows, outputs, inputs, x, stride_x, type, packed, y, stride_y, accumulate, workspace);
  } else if (rows == 1) {
    row_packed(outputs, inputs, x, type, packed, y, &end, NULL);
  } else if (type == OL_STRICT_F32) {
    rows_typed(OL_STRICT_F32, rows, outputs, inputs, x, stride_x, packed, y, stride_y, &end);
  } else {
    rows_typed(OL_STRICT_BF16, rows, outputs, inputs, x, stride_x, packed, y, stride_y, &end);
  }
  return OL_STRICT_OK;
}
