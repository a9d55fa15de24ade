/* StrictGradients and StrictTraining. */
static int32_t rms_norm_gradient(int32_t rows, int32_t columns, const float *x, int64_t stride_x, const float *weight,
                                 float epsilon, const float *dy, int64_t stride_dy, float *dx, int64_t stride_dx,
                                 float *d_weight) {
  if (rows < 0 || columns < 1) return OL_STRICT_INVALID;
  for (int64_t i = 0; i < rows; i++) {
    const float *row = x + i * stride_x, *above = dy + i * stride_dy;
    float *to = dx + i * stride_dx;
    float r = root(row, columns, epsilon);
    for (int32_t j = 0; j < columns; j++) {
      d_weight[j] = fused(above[j], row[j] * r, d_weight[j]);
      to[j] = above[j] * weight[j];
    }
    float mean = dot(to, row, columns) / (float)columns;
    float less = -(r * r * r * mean);
    for (int32_t j = 0; j < columns; j++) to[j] = fused(row[j], less, to[j] * r);
  }
  return OL_STRICT_OK;
}

static int32_t softmax_gradient(int32_t rows, int32_t columns, const float *y, int64_t stride_y, const float *dy,
                                int64_t stride_dy, float *dx, int64_t stride_dx) {
  if (rows < 0 || columns < 1) return OL_STRICT_INVALID;
  for (int64_t i = 0; i < rows; i++) {
    const float *result = y + i * stride_y, *above = dy + i * stride_dy;
    float mean = dot(result, above, columns);
    for (int32_t j = 0; j < columns; j++) dx[i * stride_dx + j] = result[j] * (above[j] - mean);
  }
  return OL_STRICT_OK;
}

ALWAYS void swi_glu_slopes(const float *gate, const float *up, const float *dy, float *d_gate, float *d_up,
                           int32_t count) {
  v8 g = load_part(gate, count), above = load_part(dy, count), through = above * load_part(up, count);
  v8 s = sigmoid8(g);
  v8 slope = s * fused8(g, 1.0f - s, all8(1));
  store_part(d_up, above * (g * s), count);
  store_part(d_gate, through * slope, count);
}

static int32_t swi_glu_gradient(int32_t rows, int32_t columns, const float *gate, int64_t stride_gate, const float *up,
                                int64_t stride_up, const float *dy, int64_t stride_dy, float *d_gate,
                                int64_t stride_d_gate, float *d_up, int64_t stride_d_up) {
  if (rows < 0 || columns < 1) return OL_STRICT_INVALID;
  for (int64_t i = 0; i < rows; i++) {
    for (int32_t j = 0; j < columns; j += 8) {
      swi_glu_slopes(gate + i * stride_gate + j, up + i * stride_up + j, dy + i * stride_dy + j,
                     d_gate + i * stride_d_gate + j, d_up + i * stride_d_up + j, columns - j < 8 ? columns - j : 8);
    }
  }
  return OL_STRICT_OK;
}

struct sequence {
  int32_t tokens, head_size, window;
  float scale;
  const float *keys, *values;
  int64_t stride_keys, stride_values, stride_d_keys, stride_d_values;
  float *d_keys, *d_values, *weights, *slopes;
};

static void attention_row_gradient(const struct sequence *s, int32_t i, const float *query, const float *above,
                                   float *d_query) {
  int32_t size = s->head_size, first = i - s->window + 1 > 0 ? i - s->window + 1 : 0, seen = i + 1 - first;
  float *weights = s->weights, *slopes = s->slopes;
  for (int32_t j = 0; j < seen; j++) {
    weights[j] = dot(query, s->keys + (first + j) * s->stride_keys, size) * s->scale;
    slopes[j] = dot(above, s->values + (first + j) * s->stride_values, size);
  }
  float part = 1.0f / exponentials(weights, weights, seen, highest(weights, seen));
  for (int32_t j = 0; j < seen; j++) weights[j] *= part;
  float mean = dot(weights, slopes, seen);
  for (int32_t d = 0; d < size; d++) d_query[d] = 0;
  for (int32_t j = 0; j < seen; j++) {
    float slope = weights[j] * (slopes[j] - mean) * s->scale;
    const float *key = s->keys + (first + j) * s->stride_keys;
    float *d_key = s->d_keys + (first + j) * s->stride_d_keys;
    float *d_value = s->d_values + (first + j) * s->stride_d_values;
    add_scaled(size, slope, key, d_query);
    add_scaled(size, slope, query, d_key);
    add_scaled(size, weights[j], above, d_value);
  }
}

static int32_t attention_gradient(int32_t tokens, int32_t heads, int32_t key_heads, int32_t head_size, int32_t window,
                                  float scale, const float *queries, int64_t stride_queries, const float *keys,
                                  int64_t stride_keys, const float *values, int64_t stride_values, const float *d_out,
                                  int64_t stride_d_out, float *d_queries, int64_t stride_d_queries, float *d_keys,
                                  int64_t stride_d_keys, float *d_values, int64_t stride_d_values, float *scratch) {
  if (tokens < 0 || window < 1 || !heads_fit(heads, key_heads, head_size)) return OL_STRICT_INVALID;
  int32_t group = heads / key_heads;
  for (int64_t i = 0; i < tokens; i++) {
    memset(d_keys + i * stride_d_keys, 0, (size_t)key_heads * (size_t)head_size * sizeof(float));
    memset(d_values + i * stride_d_values, 0, (size_t)key_heads * (size_t)head_size * sizeof(float));
  }
  for (int32_t head = 0; head < heads; head++) {
    int64_t at = (int64_t)head * head_size, shift = (int64_t)(head / group) * head_size;
    struct sequence s = {tokens,          head_size,       window,          scale,
                         keys + shift,    values + shift,  stride_keys,     stride_values,
                         stride_d_keys,   stride_d_values, d_keys + shift,  d_values + shift,
                         scratch,         scratch + tokens};
    for (int32_t i = 0; i < tokens; i++) {
      attention_row_gradient(&s, i, queries + i * stride_queries + at, d_out + i * stride_d_out + at,
                             d_queries + i * stride_d_queries + at);
    }
  }
  return OL_STRICT_OK;
}

static int32_t cross_entropy(int32_t rows, int32_t columns, const float *logits, int64_t stride_logits,
                             const int32_t *targets, float factor, float *losses, float *d_logits,
                             int64_t stride_d_logits, float *scratch) {
  if (rows < 0 || columns < 1) return OL_STRICT_INVALID;
  for (int64_t i = 0; i < rows; i++) {
    if (targets[i] >= columns) return OL_STRICT_INVALID;
  }
  for (int64_t i = 0; i < rows; i++) {
    const float *row = logits + i * stride_logits;
    float *to = d_logits + i * stride_d_logits;
    int32_t target = targets[i];
    if (target < 0) {
      losses[i] = 0;
      memset(to, 0, (size_t)columns * sizeof(float));
      continue;
    }
    float max = highest(row, columns);
    float above = row[target] - max;
    float total = exponentials(row, scratch, columns, max);
    losses[i] = log8(all8(total))[0] - above;
    float part = 1.0f / total;
    for (int32_t j = 0; j < columns; j++) to[j] = (scratch[j] * part - (j == target ? 1.0f : 0.0f)) * factor;
  }
  return OL_STRICT_OK;
}

static int32_t adam_w(const struct ol_strict_adamw *s, int64_t count, const float *gradients, float *weights,
                      float *moments1, float *moments2) {
  if (count < 0) return OL_STRICT_INVALID;
  float rest1 = 1.0f - s->beta1, rest2 = 1.0f - s->beta2;
  for (int64_t i = 0; i < count; i++) {
    float g = gradients[i], w = weights[i];
    float m = fused(s->beta1, moments1[i], rest1 * g);
    float v = fused(s->beta2, moments2[i], rest2 * (g * g));
    float step = fused(s->decay, w, m * s->correction1 / (__builtin_sqrtf(v * s->correction2) + s->epsilon));
    moments1[i] = m;
    moments2[i] = v;
    weights[i] = fused(-s->rate, step, w);
  }
  return OL_STRICT_OK;
}
