/*
 * Every function of every variant on drawn sizes, each buffer exactly as long as it must be: built
 * with sanitizers, it shows that nothing is read or written beside them, and that variants agree
 * with the portable one. Prints what differs; answers 1 if anything does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ol_strict.h"

static uint64_t state;
static const char *doing;

static uint32_t draw(void) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (uint32_t)(state >> 33);
}

static int32_t between(int32_t least, int32_t most) { return least + (int32_t)(draw() % (uint32_t)(most - least + 1)); }

static float number(void) {
  uint32_t kind = draw() % 60;
  if (kind == 0) return -0.0f;
  if (kind == 1) return 0x1p-140f;
  if (kind == 2) return __builtin_inff();
  if (kind == 3) return __builtin_nanf("");
  return ((float)draw() - 1073741824.0f) * 0x1p-29f;
}

#define LIVE_MAX 64
static void *live[LIVE_MAX];
static size_t sizes[LIVE_MAX];
static int lives;

/* malloc, not aligned_alloc: its end is where the sanitizer looks. */
static void *room(int64_t count, size_t size) {
  size_t bytes = (size_t)count * size;
  void *made = malloc(bytes > 0 ? bytes : 1);
  if (made == NULL || lives == LIVE_MAX) exit(2);
  sizes[lives] = bytes;
  live[lives++] = made;
  return made;
}

static float *numbers(int64_t count) {
  float *made = room(count, sizeof(float));
  for (int64_t i = 0; i < count; i++) made[i] = number();
  return made;
}

static void *weights(int32_t type, int64_t count) {
  if (type == OL_STRICT_F32) return numbers(count);
  uint16_t *made = room(count, sizeof(uint16_t));
  for (int64_t i = 0; i < count; i++) made[i] = (uint16_t)draw();
  return made;
}

static int32_t *integers(int64_t count, int32_t least, int32_t most) {
  int32_t *made = room(count, sizeof(int32_t));
  for (int64_t i = 0; i < count; i++) made[i] = between(least, most);
  return made;
}

static void must(int32_t status) {
  if (status != OL_STRICT_OK) {
    printf("%s answered %d\n", doing, status);
    exit(1);
  }
}

static void products(const struct ol_strict_functions *f, void *workspace) {
  int32_t rows = between(0, 30), outputs = between(1, 80), inputs = between(1, 300), type = between(0, 1);
  int32_t more = between(0, 1);
  float *x = numbers((int64_t)rows * inputs), *y = numbers((int64_t)rows * outputs);
  void *w = weights(type, (int64_t)outputs * inputs);
  void *packed = weights(type, (outputs + 7) / 8 * 8 * (int64_t)inputs);
  doing = "products";
  must(f->linear(rows, outputs, inputs, x, inputs, type, w, inputs, y, outputs, more, workspace));
  must(f->pack(outputs, inputs, type, w, inputs, packed));
  must(f->linear_packed(rows, outputs, inputs, x, inputs, type, packed, y, outputs, more, workspace));
  must(f->linear_input_gradient(rows, outputs, inputs, y, outputs, type, w, inputs, x, inputs, more, workspace));
  float *dw = numbers((int64_t)outputs * inputs);
  must(f->linear_weight_gradient(rows, outputs, inputs, y, outputs, x, inputs, dw, inputs, more, workspace));
}

static void adapters(const struct ol_strict_functions *f, void *workspace) {
  int32_t inputs = between(1, 90), outputs = between(1, 90), type = between(0, 1), segments = between(0, 6);
  int64_t bytes = type == OL_STRICT_F32 ? 4 : 2, end = 0;
  int32_t *starts = room(segments + 1, 4), *ranks = integers(segments, 0, 40);
  int64_t *a = room(segments, 8), *b = room(segments, 8);
  float *scales = numbers(segments);
  starts[0] = 0;
  for (int32_t s = 0; s < segments; s++) {
    starts[s + 1] = starts[s] + between(0, 6);
    a[s] = end;
    b[s] = a[s] + ((ranks[s] + 7) / 8 * 8 * (int64_t)inputs * bytes + 3) / 4 * 4;
    end = b[s] + ((outputs + 7) / 8 * 8 * (int64_t)ranks[s] * bytes + 3) / 4 * 4;
  }
  void *slab = weights(OL_STRICT_BF16, end / 2);
  float *x = numbers((int64_t)starts[segments] * inputs), *y = numbers((int64_t)starts[segments] * outputs);
  doing = "adapters";
  must(f->lora(segments, starts, ranks, scales, a, b, type, slab, inputs, outputs, x, inputs, y, outputs, workspace));
}

static void integer_products(const struct ol_strict_functions *f) {
  int32_t rows = between(0, 6), outputs = between(1, 30), inputs = between(1, 200);
  float *x = numbers((int64_t)rows * inputs), *scales = numbers(rows), *columns = numbers(outputs);
  int8_t *q = room((int64_t)rows * inputs, 1), *w = room((int64_t)outputs * inputs, 1);
  for (int64_t i = 0; i < (int64_t)outputs * inputs; i++) w[i] = (int8_t)draw();
  int32_t *sums = integers((int64_t)rows * outputs, 0, 0);
  float *y = numbers((int64_t)rows * outputs);
  doing = "products of int8";
  must(f->quantize(rows, inputs, x, inputs, q, inputs, scales));
  must(f->linear_int8(rows, outputs, inputs, q, inputs, w, inputs, sums, outputs));
  must(f->dequantize(rows, outputs, sums, outputs, scales, columns, y, outputs));
}

static void rows(const struct ol_strict_functions *f) {
  int32_t count = between(0, 6), columns = between(1, 50);
  int64_t all = (int64_t)count * columns;
  float *x = numbers(all), *y = numbers(all), *z = numbers(all), *weight = numbers(columns), *more = numbers(columns);
  doing = "rows";
  for (int32_t function = OL_EXP; function <= OL_COSINE; function++) must(f->apply(function, all, x, y));
  must(f->add(all, x, y));
  must(f->add_scaled(all, number(), x, z));
  must(f->swi_glu(count, columns, x, columns, z, columns, y, columns));
  must(f->swi_glu_gradient(count, columns, x, columns, z, columns, y, columns, numbers(all), columns, numbers(all), columns));
  must(f->softmax(count, columns, x, columns, y, columns));
  must(f->softmax_gradient(count, columns, y, columns, z, columns, numbers(all), columns));
  must(f->rms_norm(count, columns, x, columns, weight, 1e-5f, numbers(all), columns));
  must(f->rms_norm_gradient(count, columns, x, columns, weight, 1e-5f, y, columns, z, columns, more));
  must(f->cross_entropy(count, columns, x, columns, integers(count, -1, columns - 1), 0.5f, numbers(count), z, columns, numbers(columns)));
  struct ol_strict_adamw step = {1e-3f, 0.9f, 0.999f, 1e-8f, 0.1f, 10, 1000};
  must(f->adam_w(&step, all, x, y, numbers(all), numbers(all)));
  int32_t heads = between(1, 3), pairs = between(1, 20), size = 2 * pairs + between(0, 3);
  float *cosines = numbers((int64_t)count * pairs), *sines = numbers((int64_t)count * pairs);
  float *turned = numbers((int64_t)count * heads * size);
  must(f->rotary_angles(count, pairs, integers(count, 0, 100000), numbers(pairs), cosines, sines));
  must(f->rotate(count, heads, size, pairs, between(0, 1), between(0, 1), turned, (int64_t)heads * size, cosines, sines));
}

static void attention(const struct ol_strict_functions *f) {
  int32_t count = between(1, 4), key_heads = between(1, 2), heads = key_heads * between(1, 3), size = between(1, 40);
  int32_t tokens = between(1, 20), entries = 150 / tokens + 1;
  int64_t entry = (int64_t)key_heads * size, wide = (int64_t)heads * size;
  struct ol_strict_pages pages = {numbers(7 * tokens * entry), numbers(7 * tokens * entry), tokens * entry, entry, size, tokens, 0};
  int32_t *starts = integers(count, 0, 20), *ends = integers(count, 21, 150);
  doing = "attention";
  must(f->attention(count, heads, key_heads, size, 0.2f, numbers(count * wide), wide, &pages,
                    integers((int64_t)count * entries, 0, 6), entries, starts, ends, numbers(count * wide), wide));
  must(f->attention_gradient(tokens, heads, key_heads, size, between(1, 30), 0.2f, numbers(tokens * wide), wide,
                             numbers(tokens * entry), entry, numbers(tokens * entry), entry, numbers(tokens * wide),
                             wide, numbers(tokens * wide), wide, numbers(tokens * entry), entry,
                             numbers(tokens * entry), entry, numbers(2 * tokens)));
}

static void tokens(const struct ol_strict_functions *f) {
  int32_t count = between(1, 100);
  float *logits = numbers(count);
  int32_t *drawn = integers(1, 0, 0), *scratch = room(2 * count, 4);
  doing = "tokens";
  *drawn = f->sample(count, logits, (float)between(0, 3), between(0, 20), between(0, 1) ? 1 : 0.7f, draw(), draw(), scratch);
  memset(scratch, 0, (size_t)count * 8);
  if (*drawn < OL_STRICT_NO_TOKEN) exit(1);
  must(f->digest(1, &count, logits, room(32, 1)));
}

/* FNV-1a over all buffers, each NaN alike. */
static uint64_t sum_up(void) {
  uint64_t sum = 14695981039346656037u;
  for (int i = 0; i < lives; i++) {
    const uint8_t *bytes = live[i];
    for (size_t at = 0; at < sizes[i]; at++) {
      if (at % 4 == 0 && at + 4 <= sizes[i]) {
        float value;
        memcpy(&value, bytes + at, 4);
        if (value != value) {
          at += 3;
          continue;
        }
      }
      sum = (sum ^ bytes[at]) * 1099511628211u;
    }
    free(live[i]);
  }
  lives = 0;
  return sum;
}

static uint64_t run(const struct ol_strict_functions *f, int part, uint64_t seed, void *workspace) {
  state = seed * 7 + (uint64_t)part;
  if (part == 0) products(f, workspace);
  else if (part == 1) adapters(f, workspace);
  else if (part == 2) integer_products(f);
  else if (part == 3) rows(f);
  else if (part == 4) attention(f);
  else tokens(f);
  return sum_up();
}

int main(int count, char **arguments) {
  uint64_t seeds = count > 1 ? strtoull(arguments[1], NULL, 10) : 40;
  void *workspace = aligned_alloc(64, OL_STRICT_WORKSPACE);
  int differing = 0, variants = 0;
  for (int32_t variant = OL_PORTABLE; variant < OL_VARIANTS; variant++) {
    const struct ol_strict_functions *f = ol_strict_of(variant);
    if (f == NULL) continue;
    variants++;
    for (uint64_t seed = 1; seed <= seeds; seed++) {
      for (int part = 0; part < 6; part++) {
        if (run(f, part, seed, workspace) != run(ol_strict_of(OL_PORTABLE), part, seed, workspace)) {
          printf("variant %d differs from the portable one: part %d, seed %llu\n", variant, part,
                 (unsigned long long)seed);
          differing = 1;
        }
      }
    }
  }
  free(workspace);
  printf("%d variants, %llu seeds\n", variants, (unsigned long long)seeds);
  return differing;
}
