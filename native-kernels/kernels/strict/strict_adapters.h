/*
 * Rows with adapters of their own. Rows that share one are multiplied together, which reads it
 * once; single rows are taken eight at a time, so that eight adapters are on their way from memory.
 */
struct adapters {
  const int32_t *starts, *ranks;
  const float *scales;
  const int64_t *offsets_a, *offsets_b;
  int32_t type, inputs, outputs;
  const char *slab;
  const float *x;
  int64_t stride_x;
  float *y;
  int64_t stride_y;
};

static void shared(const struct adapters *l, int32_t s, struct workspace *w) {
  int32_t rank = l->ranks[s];
  struct right a = {l->slab + l->offsets_a[s], 0, l->type, rank, l->inputs};
  struct right b = {l->slab + l->offsets_b[s], 0, l->type, l->outputs, rank};
  int32_t end = l->starts[s + 1];
  for (int32_t i = l->starts[s]; i < end; i += 16) {
    int32_t rows = end - i < 16 ? end - i : 16;
    struct left x = {l->x + i * l->stride_x, l->stride_x, 1};
    struct into inner = {w->inner, rank, 0, 0, 0};
    multiply(rows, rank, l->inputs, &x, fill_packed, &a, &inner, w);
    struct left t = {w->inner, rank, 1};
    struct into y = {l->y + i * l->stride_y, l->stride_y, 0, 1, l->scales[s]};
    multiply(rows, l->outputs, rank, &t, fill_packed, &b, &y, w);
  }
}

struct single {
  int32_t segment;
  int64_t row;
};

static void shrink(const struct adapters *l, const struct single *singles, int32_t count, float *inner) {
  int64_t bytes = l->type == OL_STRICT_F32 ? 4 : 2;
  struct stream wide[STREAMS] = {{0}}, narrow[STREAMS] = {{0}};
  int32_t wides = 0, narrows = 0;
  struct ending end = {0, 0, 0};
  for (int32_t first = 0; first < OL_STRICT_RANK_MAX; first += OL_STRICT_PANEL) {
    int more = 0;
    for (int32_t i = 0; i < count; i++) {
      int32_t left = l->ranks[singles[i].segment] - first;
      if (left <= 0) continue;
      more = 1;
      struct stream next = {l->x + singles[i].row * l->stride_x,
                            l->slab + l->offsets_a[singles[i].segment] + (int64_t)first * l->inputs * bytes,
                            inner + i * OL_STRICT_RANK_MAX + first, left < OL_STRICT_PANEL ? left : OL_STRICT_PANEL};
      if (left <= 8) narrow[narrows++] = next;
      else wide[wides++] = next;
      if (wides == STREAMS) {
        run_streams(l->type, 0, wides, wide, l->inputs, &end);
        wides = 0;
      }
      if (narrows == STREAMS) {
        run_streams(l->type, 1, narrows, narrow, l->inputs, &end);
        narrows = 0;
      }
    }
    if (!more) break;
  }
  run_streams(l->type, 0, wides, wide, l->inputs, &end);
  run_streams(l->type, 1, narrows, narrow, l->inputs, &end);
}

static void each(const struct adapters *l, const struct single *singles, int32_t count, struct workspace *w) {
  shrink(l, singles, count, w->inner);
  for (int32_t i = 0; i < count; i++) {
    int32_t s = singles[i].segment;
    struct ending end = {0, 1, l->scales[s]};
    int32_t next = i + 1 < count ? singles[i + 1].segment : s;
    const char *ahead = next != s && l->ranks[next] == l->ranks[s] ? l->slab + l->offsets_b[next] : NULL;
    row_packed(l->outputs, l->ranks[s], w->inner + i * OL_STRICT_RANK_MAX, l->type, l->slab + l->offsets_b[s],
               l->y + singles[i].row * l->stride_y, &end, ahead);
  }
}

static int32_t lora(int32_t segments, const int32_t *starts, const int32_t *ranks, const float *scales,
                    const int64_t *offsets_a, const int64_t *offsets_b, int32_t type, const void *slab,
                    int32_t inputs, int32_t outputs, const float *x, int64_t stride_x, float *y, int64_t stride_y,
                    void *workspace) {
  if (segments < 0 || !product_fits(0, outputs, inputs, type)) return OL_STRICT_INVALID;
  for (int32_t s = 0; s < segments; s++) {
    if (starts[s] < 0 || starts[s + 1] < starts[s] || ranks[s] < 0 || ranks[s] > OL_STRICT_RANK_MAX ||
        (offsets_a[s] & 3) != 0 || (offsets_b[s] & 3) != 0) {
      return OL_STRICT_INVALID;
    }
  }
  struct adapters l = {starts, ranks, scales, offsets_a, offsets_b, type, inputs, outputs,
                       slab,   x,     stride_x, y,       stride_y};
  struct single singles[STREAMS];
  int32_t count = 0;
  for (int32_t s = 0; s < segments; s++) {
    if (ranks[s] == 0) continue;
    int32_t rows = starts[s + 1] - starts[s];
    /* The scaled end needs the whole depth in one block. */
    if (rows >= ROWS_OF_BLOCKS && ranks[s] <= DEPTH) {
      shared(&l, s, workspace);
      continue;
    }
    for (int64_t row = starts[s]; row < starts[s + 1]; row++) {
      singles[count++] = (struct single){s, row};
      if (count == STREAMS) {
        each(&l, singles, count, workspace);
        count = 0;
      }
    }
  }
  each(&l, singles, count, workspace);
  return OL_STRICT_OK;
}
