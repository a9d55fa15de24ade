/* Fills blocks of the right matrix: tile after tile of columns, in each [depth][TILE_COLUMNS]. */
struct right {
  const void *from;
  int64_t stride;
  int32_t type, columns, depth;
};

typedef void (*fill)(const struct right *, int32_t from, int32_t depth, int32_t first, int32_t width, float *to);

ALWAYS float weight_at(const struct right *r, int64_t index) {
  if (r->type == OL_STRICT_F32) return ((const float *)r->from)[index];
  uint32_t bits = (uint32_t)((const uint16_t *)r->from)[index] << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

ALWAYS v8 weights_at(const struct right *r, int64_t index) {
  return r->type == OL_STRICT_F32 ? load8((const float *)r->from + index)
                                  : expand8((const uint16_t *)r->from + index);
}

ALWAYS v8 low8(v8 a, v8 b) { return __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13); }
ALWAYS v8 high8(v8 a, v8 b) { return __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15); }
ALWAYS v8 even8(v8 a, v8 b) { return __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13); }
ALWAYS v8 odd8(v8 a, v8 b) { return __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15); }
ALWAYS v8 lower8(v8 a, v8 b) { return __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11); }
ALWAYS v8 upper8(v8 a, v8 b) { return __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15); }

/* Eight rows of eight become eight columns, `stride` apart. */
ALWAYS void transpose8(v8 r[8], float *to, int64_t stride) {
  v8 a0 = low8(r[0], r[1]), a1 = high8(r[0], r[1]), a2 = low8(r[2], r[3]), a3 = high8(r[2], r[3]);
  v8 a4 = low8(r[4], r[5]), a5 = high8(r[4], r[5]), a6 = low8(r[6], r[7]), a7 = high8(r[6], r[7]);
  v8 b0 = even8(a0, a2), b1 = odd8(a0, a2), b2 = even8(a1, a3), b3 = odd8(a1, a3);
  v8 b4 = even8(a4, a6), b5 = odd8(a4, a6), b6 = even8(a5, a7), b7 = odd8(a5, a7);
  store8(to, lower8(b0, b4));
  store8(to + stride, lower8(b1, b5));
  store8(to + 2 * stride, lower8(b2, b6));
  store8(to + 3 * stride, lower8(b3, b7));
  store8(to + 4 * stride, upper8(b0, b4));
  store8(to + 5 * stride, upper8(b1, b5));
  store8(to + 6 * stride, upper8(b2, b6));
  store8(to + 7 * stride, upper8(b3, b7));
}

/* From weights [columns x depth], as checkpoints store them. */
static void fill_transposed(const struct right *r, int32_t from, int32_t depth, int32_t first, int32_t width,
                            float *to) {
  for (int32_t j = 0; j < width; j += 8) {
    float *tile = to + (int64_t)(j / TILE_COLUMNS) * TILE_COLUMNS * depth + j % TILE_COLUMNS;
    int32_t p = 0;
    if (j + 8 <= width) {
      for (; p + 8 <= depth; p += 8) {
        v8 rows[8];
        for (int i = 0; i < 8; i++) rows[i] = weights_at(r, (first + j + i) * r->stride + from + p);
        transpose8(rows, tile + (int64_t)p * TILE_COLUMNS, TILE_COLUMNS);
      }
    }
    for (; p < depth; p++) {
      for (int32_t i = 0; i < 8; i++) {
        tile[(int64_t)p * TILE_COLUMNS + i] =
            j + i < width ? weight_at(r, (first + j + i) * r->stride + from + p) : 0;
      }
    }
  }
}

/* From a matrix [depth x columns]. */
static void fill_straight(const struct right *r, int32_t from, int32_t depth, int32_t first, int32_t width,
                          float *to) {
  for (int32_t j = 0; j < width; j += 8) {
    float *tile = to + (int64_t)(j / TILE_COLUMNS) * TILE_COLUMNS * depth + j % TILE_COLUMNS;
    for (int32_t p = 0; p < depth; p++) {
      int64_t at = (from + p) * r->stride + first + j;
      if (j + 8 <= width) {
        store8(tile + (int64_t)p * TILE_COLUMNS, weights_at(r, at));
      } else {
        for (int32_t i = 0; i < 8; i++) {
          tile[(int64_t)p * TILE_COLUMNS + i] = j + i < width ? weight_at(r, at + i) : 0;
        }
      }
    }
  }
}

ALWAYS int32_t panel_lanes(int32_t columns, int32_t first) {
  return columns - first > 8 ? OL_STRICT_PANEL : 8;
}

/* From packed panels. */
static void fill_packed(const struct right *r, int32_t from, int32_t depth, int32_t first, int32_t width,
                        float *to) {
  for (int32_t j = 0; j < width; j += OL_STRICT_PANEL) {
    int32_t lanes = panel_lanes(r->columns, first + j);
    float *tile = to + (int64_t)(j / TILE_COLUMNS) * TILE_COLUMNS * depth + j % TILE_COLUMNS;
    int64_t at = (int64_t)(first + j) * r->depth + (int64_t)from * lanes;
    for (int32_t p = 0; p < depth; p++) {
      store8(tile + (int64_t)p * TILE_COLUMNS, weights_at(r, at + (int64_t)p * lanes));
      if (lanes > 8) store8(tile + (int64_t)p * TILE_COLUMNS + 8, weights_at(r, at + (int64_t)p * lanes + 8));
    }
  }
}
