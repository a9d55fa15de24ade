/* Drawing a token: JavaSampling tells the same. */
ALWAYS float number_of(int64_t seed, int64_t counter) {
  uint32_t c0 = (uint32_t)(uint64_t)counter, c1 = (uint32_t)((uint64_t)counter >> 32), c2 = 0, c3 = 0;
  uint32_t k0 = (uint32_t)(uint64_t)seed, k1 = (uint32_t)((uint64_t)seed >> 32);
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = (uint64_t)c0 * 0xD2511F53u, p1 = (uint64_t)c2 * 0xCD9E8D57u;
    uint32_t next0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0, next2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c1 = (uint32_t)p1;
    c3 = (uint32_t)p0;
    c0 = next0;
    c2 = next2;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return (float)(c0 >> 8) * 0x1p-24f;
}

struct drawing {
  const float *logits;
  float max, sharpness;
  int32_t *heap;
  int32_t left;
};

ALWAYS float weight_of(const struct drawing *d, int32_t token) {
  return exp1((d->logits[token] - d->max) * d->sharpness);
}

ALWAYS int before(const struct drawing *d, int32_t a, int32_t b) {
  return d->logits[a] > d->logits[b] || (!(d->logits[b] > d->logits[a]) && a < b);
}

static void sink(struct drawing *d, int32_t from) {
  for (int32_t i = from; 2 * i + 1 < d->left;) {
    int32_t child = 2 * i + 1;
    if (child + 1 < d->left && before(d, d->heap[child + 1], d->heap[child])) child++;
    if (!before(d, d->heap[child], d->heap[i])) return;
    int32_t moved = d->heap[i];
    d->heap[i] = d->heap[child];
    d->heap[child] = moved;
    i = child;
  }
}

static int32_t next_token(struct drawing *d) {
  int32_t token = d->heap[0];
  d->heap[0] = d->heap[--d->left];
  sink(d, 0);
  return token;
}

/* Takes tokens from the heap into `tokens`, at most `most`, until they weigh `goal`. */
static int32_t take(struct drawing *d, int32_t *tokens, int32_t most, float goal) {
  float total = 0;
  int32_t count = 0;
  while (count < most) {
    tokens[count] = next_token(d);
    total += weight_of(d, tokens[count++]);
    if (total >= goal) break;
  }
  return count;
}

static int32_t chosen(const struct drawing *d, const int32_t *tokens, int32_t count, float number) {
  float total = 0;
  for (int32_t i = 0; i < count; i++) total += weight_of(d, tokens[i]);
  float goal = number * total;
  total = 0;
  for (int32_t i = 0; i < count; i++) {
    total += weight_of(d, tokens[i]);
    if (total > goal) return tokens[i];
  }
  return tokens[count - 1];
}

static int32_t sample(int32_t count, const float *logits, float temperature, int32_t top_k, float top_p, int64_t seed,
                      int64_t counter, int32_t *scratch) {
  if (count < 1 || !(temperature >= 0) || top_k < 0 || !(top_p > 0) || top_p > 1) return OL_STRICT_REFUSED;
  float infinity = __builtin_inff(), max = -infinity;
  int32_t best = OL_STRICT_NO_TOKEN;
  for (int32_t i = 0; i < count; i++) {
    if (logits[i] > max) {
      max = logits[i];
      best = i;
    }
  }
  if (best == OL_STRICT_NO_TOKEN || temperature == 0 || max == infinity) return best;
  struct drawing d = {logits, max, 1.0f / temperature, scratch, 0};
  for (int32_t i = 0; i < count; i++) {
    if (logits[i] > -infinity) d.heap[d.left++] = i;
  }
  float number = number_of(seed, counter);
  if (top_k == 0 && top_p >= 1) return chosen(&d, d.heap, d.left, number);
  float total = 0;
  if (top_k == 0) {
    for (int32_t i = 0; i < d.left; i++) total += weight_of(&d, d.heap[i]);
  }
  for (int32_t i = d.left / 2 - 1; i >= 0; i--) sink(&d, i);
  int32_t *tokens = scratch + count;
  if (top_k == 0) return chosen(&d, tokens, take(&d, tokens, d.left, top_p * total), number);
  int32_t kept = take(&d, tokens, top_k < d.left ? top_k : d.left, infinity);
  for (int32_t i = 0; i < kept; i++) total += weight_of(&d, tokens[i]);
  float goal = top_p * total, reached = 0;
  for (int32_t i = 0; i < kept; i++) {
    reached += weight_of(&d, tokens[i]);
    if (reached >= goal) kept = i + 1;
  }
  return chosen(&d, tokens, kept, number);
}
