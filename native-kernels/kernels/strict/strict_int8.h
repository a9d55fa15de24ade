/* Products of int8, whose order does not matter, and the way there and back. */
static int32_t linear_int8(int32_t rows, int32_t outputs, int32_t inputs, const int8_t *x, int64_t stride_x,
                           const int8_t *w, int64_t stride_w, int32_t *y, int64_t stride_y) {
  if (!product_fits(rows, outputs, inputs, OL_STRICT_F32) || inputs > OL_STRICT_INT8_INPUTS_MAX) {
    return OL_STRICT_INVALID;
  }
  for (int64_t i = 0; i < rows; i++) {
    for (int64_t j = 0; j < outputs; j++) {
      const int8_t *a = x + i * stride_x, *b = w + j * stride_w;
      int32_t total = 0;
      for (int32_t p = 0; p < inputs; p++) total += (int32_t)a[p] * (int32_t)b[p];
      y[i * stride_y + j] = total;
    }
  }
  return OL_STRICT_OK;
}

static int32_t quantize(int32_t rows, int32_t columns, const float *x, int64_t stride_x, int8_t *q, int64_t stride_q,
                        float *scales) {
  if (rows < 0 || columns < 1) return OL_STRICT_INVALID;
  for (int64_t i = 0; i < rows; i++) {
    const float *row = x + i * stride_x;
    float max = 0;
    for (int32_t j = 0; j < columns; j++) {
      float size = __builtin_fabsf(row[j]);
      max = size > max ? size : max;
    }
    scales[i] = max / 127.0f;
    float by = 127.0f / max;
    for (int32_t j = 0; j < columns; j++) {
      float value = row[j] * by;
      value = value > 127.0f ? 127.0f : value;
      value = value < -127.0f ? -127.0f : value;
      value = value == value ? value : 0.0f;
      float t = value + ROUND;
      int32_t bits;
      memcpy(&bits, &t, sizeof bits);
      q[i * stride_q + j] = (int8_t)(bits - ROUND_BITS);
    }
  }
  return OL_STRICT_OK;
}

static int32_t dequantize(int32_t rows, int32_t columns, const int32_t *sums, int64_t stride_sums,
                          const float *row_scales, const float *column_scales, float *y, int64_t stride_y) {
  if (rows < 0 || columns < 1) return OL_STRICT_INVALID;
  for (int64_t i = 0; i < rows; i++) {
    for (int32_t j = 0; j < columns; j++) {
      float both = row_scales[i] * column_scales[j];
      y[i * stride_y + j] = (float)sums[i * stride_sums + j] * both;
    }
  }
  return OL_STRICT_OK;
}
