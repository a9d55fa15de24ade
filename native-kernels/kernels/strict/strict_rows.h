/* What goes row by row or value by value: StrictRows. */
static int32_t apply(int32_t function, int64_t count, const float *x, float *y) {
  if (function < OL_EXP || function > OL_COSINE || count < 0) return OL_STRICT_INVALID;
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) store8(y + i, function8(function, load8(x + i)));
  if (i < count) store_part(y + i, function8(function, load_part(x + i, count - i)), count - i);
  return OL_STRICT_OK;
}

static int32_t add(int64_t count, const float *x, float *y) {
  if (count < 0) return OL_STRICT_INVALID;
  for (int64_t i = 0; i < count; i++) y[i] = x[i] + y[i];
  return OL_STRICT_OK;
}

static int32_t add_scaled(int64_t count, float factor, const float *x, float *y) {
  if (count < 0) return OL_STRICT_INVALID;
  int64_t i = 0;
  for (; i + 8 <= count; i += 8) store8(y + i, fused8(all8(factor), load8(x + i), load8(y + i)));
  for (; i < count; i++) y[i] = fused(factor, x[i], y[i]);
  return OL_STRICT_OK;
}

ALWAYS float root(const float *row, int32_t columns, float epsilon) {
  float mean = dot(row, row, columns) / (float)columns;
  return 1.0f / __builtin_sqrtf(mean + epsilon);
}

static int32_t rms_norm(int32_t rows, int32_t columns, const float *x, int64_t stride_x, const float *weight,
                        float epsilon, float *y, int64_t stride_y) {
  if (rows < 0 || columns < 1) return OL_STRICT_INVALID;
  for (int64_t i = 0; i < rows; i++) {
    const float *from = x + i * stride_x;
    float *to = y + i * stride_y;
    float r = root(from, columns, epsilon);
    for (int32_t j = 0; j < columns; j++) to[j] = from[j] * r * weight[j];
  }
  return OL_STRICT_OK;
}

static int32_t softmax(int32_t rows, int32_t columns, const float *x, int64_t stride_x, float *y, int64_t stride_y) {
  if (rows < 0 || columns < 1) return OL_STRICT_INVALID;
  for (int64_t i = 0; i < rows; i++) {
    const float *from = x + i * stride_x;
    float *to = y + i * stride_y;
    float part = 1.0f / exponentials(from, to, columns, highest(from, columns));
    for (int32_t j = 0; j < columns; j++) to[j] *= part;
  }
  return OL_STRICT_OK;
}

static int32_t swi_glu(int32_t rows, int32_t columns, const float *gate, int64_t stride_gate, const float *up,
                       int64_t stride_up, float *y, int64_t stride_y) {
  if (rows < 0 || columns < 1) return OL_STRICT_INVALID;
  for (int64_t i = 0; i < rows; i++) {
    const float *g = gate + i * stride_gate, *u = up + i * stride_up;
    float *to = y + i * stride_y;
    int32_t j = 0;
    for (; j + 8 <= columns; j += 8) store8(to + j, silu8(load8(g + j)) * load8(u + j));
    int32_t left = columns - j;
    if (left > 0) store_part(to + j, silu8(load_part(g + j, left)) * load_part(u + j, left), left);
  }
  return OL_STRICT_OK;
}

static int32_t rotary_angles(int32_t rows, int32_t pairs, const int32_t *positions, const float *frequencies,
                             float *cosines, float *sines) {
  if (rows < 0 || pairs < 1) return OL_STRICT_INVALID;
  for (int64_t i = 0; i < rows; i++) {
    float position = (float)positions[i];
    for (int32_t j = 0; j < pairs; j += 8) {
      int32_t count = pairs - j < 8 ? pairs - j : 8;
      v8 angle = position * load_part(frequencies + j, count);
      store_part(cosines + i * pairs + j, turned8(angle, 1), count);
      store_part(sines + i * pairs + j, turned8(angle, 0), count);
    }
  }
  return OL_STRICT_OK;
}

static int32_t rotate(int32_t rows, int32_t heads, int32_t head_size, int32_t pairs, int32_t interleaved,
                      int32_t back, float *x, int64_t stride_x, const float *cosines, const float *sines) {
  if (rows < 0 || heads < 1 || pairs < 1 || head_size / 2 < pairs) return OL_STRICT_INVALID;
  int64_t apart = interleaved ? 1 : pairs, step = interleaved ? 2 : 1;
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t head = 0; head < heads; head++) {
      float *at = x + i * stride_x + head * head_size;
      for (int64_t j = 0; j < pairs; j++, at += step) {
        float cosine = cosines[i * pairs + j];
        float sine = back ? -sines[i * pairs + j] : sines[i * pairs + j];
        float a = at[0], b = at[apart];
        at[0] = fused(-b, sine, a * cosine);
        at[apart] = fused(a, sine, b * cosine);
      }
    }
  }
  return OL_STRICT_OK;
}
