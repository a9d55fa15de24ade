/* StrictAttention: each split of 64 tokens by itself, merged in their order. */
ALWAYS void entries(const float *base, const struct ol_strict_pages *pages, const int32_t *table, int64_t shift,
                    int32_t from, int32_t count, const float **to) {
  int32_t page = from / pages->page_tokens, within = from % pages->page_tokens;
  for (int32_t i = 0; i < count; page++, within = 0) {
    const float *at = base + table[page] * pages->page_stride + within * pages->token_stride + shift;
    int32_t last = i + pages->page_tokens - within < count ? i + pages->page_tokens - within : count;
    for (; i < last; i++, at += pages->token_stride) to[i] = at;
  }
}

/* Four dot products at a time hide the latency of one. */
ALWAYS void four_dots(const float *a, const float *const b[4], int32_t count, float out[4]) {
  if (count % 8 != 0) {
    for (int i = 0; i < 4; i++) out[i] = dot(a, b[i], count);
    return;
  }
  v8 l0 = all8(0), l1 = l0, l2 = l0, l3 = l0;
  for (int32_t i = 0; i < count; i += 8) {
    v8 x = load8(a + i);
    l0 = fused8(x, load8(b[0] + i), l0);
    l1 = fused8(x, load8(b[1] + i), l1);
    l2 = fused8(x, load8(b[2] + i), l2);
    l3 = fused8(x, load8(b[3] + i), l3);
  }
  out[0] = fold8(l0);
  out[1] = fold8(l1);
  out[2] = fold8(l2);
  out[3] = fold8(l3);
}

/* out = sum of weight[t] * value[t], each a chain over tokens. */
ALWAYS void gather(const float *weights, const float *const *values, int32_t tokens, int32_t size, float *out) {
  int32_t d = 0;
  for (; d + 32 <= size; d += 32) {
    v8 a = all8(0), b = a, c = a, e = a;
    for (int32_t t = 0; t < tokens; t++) {
      v8 weight = all8(weights[t]);
      const float *from = values[t] + d;
      a = fused8(weight, load8(from), a);
      b = fused8(weight, load8(from + 8), b);
      c = fused8(weight, load8(from + 16), c);
      e = fused8(weight, load8(from + 24), e);
    }
    store8(out + d, a);
    store8(out + d + 8, b);
    store8(out + d + 16, c);
    store8(out + d + 24, e);
  }
  for (; d < size; d++) {
    float chain = 0;
    for (int32_t t = 0; t < tokens; t++) chain = fused(weights[t], values[t][d], chain);
    out[d] = chain;
  }
}

static void attend(const float *query, int32_t head_size, float scale, const struct ol_strict_pages *pages,
                   const int32_t *table, int64_t shift, int32_t start, int32_t end, float *sums) {
  float weights[OL_STRICT_SPLIT], own[OL_STRICT_HEAD_MAX];
  const float *places[OL_STRICT_SPLIT];
  float top = 0, total = 0;
  for (int32_t from = start; from < end;) {
    int32_t to = (from / OL_STRICT_SPLIT + 1) * OL_STRICT_SPLIT;
    if (to > end) to = end;
    int32_t count = to - from, t = 0;
    entries(pages->keys, pages, table, shift, from, count, places);
    for (; t + 4 <= count; t += 4) {
      four_dots(query, places + t, head_size, weights + t);
      for (int i = 0; i < 4; i++) weights[t + i] *= scale;
    }
    for (; t < count; t++) weights[t] = dot(query, places[t], head_size) * scale;
    float max = highest(weights, count);
    float part = exponentials(weights, weights, count, max);
    entries(pages->values, pages, table, shift, from, count, places);
    gather(weights, places, count, head_size, own);
    if (from == start) {
      top = max;
      total = part;
      memcpy(sums, own, (size_t)head_size * sizeof(float));
    } else {
      float higher = max > top ? max : top;
      float before = exp1(top - higher), now = exp1(max - higher);
      total = fused(total, before, part * now);
      for (int32_t i = 0; i < head_size; i++) sums[i] = fused(sums[i], before, own[i] * now);
      top = higher;
    }
    from = to;
  }
  float part = 1.0f / total;
  for (int32_t i = 0; i < head_size; i++) sums[i] *= part;
}

ALWAYS int heads_fit(int32_t heads, int32_t key_heads, int32_t head_size) {
  return key_heads >= 1 && heads >= key_heads && heads % key_heads == 0 && head_size >= 1 &&
         head_size <= OL_STRICT_HEAD_MAX;
}

static int32_t attention(int32_t rows, int32_t heads, int32_t key_heads, int32_t head_size, float scale,
                         const float *queries, int64_t stride_queries, const struct ol_strict_pages *pages,
                         const int32_t *tables, int64_t table_stride, const int32_t *starts, const int32_t *ends,
                         float *out, int64_t stride_out) {
  if (rows < 0 || !heads_fit(heads, key_heads, head_size) || pages->page_tokens < 1) return OL_STRICT_INVALID;
  for (int64_t row = 0; row < rows; row++) {
    if (starts[row] < 0 || ends[row] <= starts[row] || ends[row] > INT32_MAX - OL_STRICT_SPLIT) {
      return OL_STRICT_INVALID;
    }
  }
  int32_t group = heads / key_heads;
  for (int64_t row = 0; row < rows; row++) {
    for (int32_t head = 0; head < heads; head++) {
      attend(queries + row * stride_queries + (int64_t)head * head_size, head_size, scale, pages,
             tables + row * table_stride, head / group * pages->head_stride, starts[row], ends[row],
             out + row * stride_out + (int64_t)head * head_size);
    }
  }
  return OL_STRICT_OK;
}
