/* The contracts are in ol_match.h. */
#include "ol_match.h"

#include <stddef.h>

#if defined(__x86_64__) || defined(_M_X64)
#define OL_X86 1
#include <immintrin.h>
#endif

#define EXPORT __attribute__((visibility("default")))
#define COLUMNS 32
#define CANDIDATES 1024
/* Lines are fetched this many candidates ahead: some ten cache misses are in flight at once. */
#define AHEAD 16

typedef int32_t (*select_function)(const uint64_t *const *, int32_t, const uint64_t *const *, int32_t,
                                   int32_t, uint64_t *);

static int32_t select_portable(const uint64_t *const *required, int32_t required_count,
                               const uint64_t *const *excluded, int32_t excluded_count,
                               int32_t word_count, uint64_t *out) {
  int32_t count = 0;
  for (int32_t word = 0; word < word_count; word++) {
    uint64_t bits = required[0][word];
    for (int32_t i = 1; i < required_count; i++) bits &= required[i][word];
    for (int32_t i = 0; i < excluded_count; i++) bits &= ~excluded[i][word];
    out[word] = bits;
    count += __builtin_popcountll(bits);
  }
  return count;
}

#ifdef OL_X86
__attribute__((target("avx2,popcnt")))
static int32_t select_avx2(const uint64_t *const *required, int32_t required_count,
                           const uint64_t *const *excluded, int32_t excluded_count,
                           int32_t word_count, uint64_t *out) {
  int32_t count = 0;
  int32_t word = 0;
  for (; word + 8 <= word_count; word += 8) {
    __m256i low = _mm256_loadu_si256((const __m256i *)(required[0] + word));
    __m256i high = _mm256_loadu_si256((const __m256i *)(required[0] + word + 4));
    for (int32_t i = 1; i < required_count; i++) {
      low = _mm256_and_si256(low, _mm256_loadu_si256((const __m256i *)(required[i] + word)));
      high = _mm256_and_si256(high, _mm256_loadu_si256((const __m256i *)(required[i] + word + 4)));
    }
    for (int32_t i = 0; i < excluded_count; i++) {
      low = _mm256_andnot_si256(_mm256_loadu_si256((const __m256i *)(excluded[i] + word)), low);
      high = _mm256_andnot_si256(_mm256_loadu_si256((const __m256i *)(excluded[i] + word + 4)), high);
    }
    _mm256_storeu_si256((__m256i *)(out + word), low);
    _mm256_storeu_si256((__m256i *)(out + word + 4), high);
    if (!_mm256_testz_si256(low, low) || !_mm256_testz_si256(high, high)) {
      for (int32_t i = word; i < word + 8; i++) count += __builtin_popcountll(out[i]);
    }
  }
  for (; word < word_count; word++) {
    uint64_t bits = required[0][word];
    for (int32_t i = 1; i < required_count; i++) bits &= required[i][word];
    for (int32_t i = 0; i < excluded_count; i++) bits &= ~excluded[i][word];
    out[word] = bits;
    count += __builtin_popcountll(bits);
  }
  return count;
}

static int has_avx2(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
}
#else
static int has_avx2(void) { return 0; }
#endif

static int32_t variant = 0;
static select_function chosen = select_portable;

EXPORT int32_t ol_match_choose(int32_t wanted) {
#ifdef OL_X86
  variant = wanted == 1 && has_avx2();
  chosen = variant ? select_avx2 : select_portable;
#else
  (void)wanted;
#endif
  return variant;
}

__attribute__((constructor)) static void choose_once(void) { ol_match_choose(has_avx2()); }

EXPORT int32_t ol_match_abi(void) { return OL_MATCH_ABI; }

EXPORT int32_t ol_match_variant(void) { return variant; }

EXPORT int32_t ol_match_select(const uint64_t *slab, int64_t stride,
                               const int32_t *required, int32_t required_count,
                               const int32_t *excluded, int32_t excluded_count,
                               int64_t first_word, int32_t word_count,
                               uint64_t *survivors, int32_t at) {
  const uint64_t *with[OL_MATCH_BITMAPS_MAX];
  const uint64_t *without[OL_MATCH_BITMAPS_MAX];
  if (required_count < 1 || required_count > OL_MATCH_BITMAPS_MAX || excluded_count < 0 ||
      excluded_count > OL_MATCH_BITMAPS_MAX || first_word < 0 || word_count < 0 || at < 0) {
    return OL_MATCH_INVALID;
  }
  for (int32_t i = 0; i < required_count; i++) with[i] = slab + required[i] * stride + first_word;
  for (int32_t i = 0; i < excluded_count; i++) without[i] = slab + excluded[i] * stride + first_word;
  return chosen(with, required_count, without, excluded_count, word_count, survivors + at);
}

static inline int within(const uint16_t *line, const int32_t *ranges, int32_t range_count) {
  int all = 1;
  for (int32_t i = 0; i < range_count; i++) {
    int32_t code = line[ranges[3 * i]];
    all &= (code >= ranges[3 * i + 1]) & (code <= ranges[3 * i + 2]);
  }
  return all;
}

static int columns_valid(const int32_t *tuples, int32_t count, int32_t size) {
  if (count < 0) return 0;
  for (int32_t i = 0; i < count; i++) {
    if (tuples[size * i] < 0 || tuples[size * i] >= COLUMNS) return 0;
  }
  return 1;
}

EXPORT int32_t ol_match_keep(uint64_t *survivors, int32_t at, int64_t first_word, int32_t word_count,
                             const uint16_t *lines, const int32_t *ranges, int32_t range_count) {
  if (at < 0 || first_word < 0 || word_count < 0 || !columns_valid(ranges, range_count, 3)) {
    return OL_MATCH_INVALID;
  }
  int32_t left = 0;
  for (int32_t word = 0; word < word_count; word++) {
    uint64_t bits = survivors[at + word];
    uint64_t kept = bits;
    const uint16_t *block = lines + (size_t)(first_word + word) * 64 * COLUMNS;
    for (; bits != 0; bits &= bits - 1) {
      int bit = __builtin_ctzll(bits);
      if (!within(block + (size_t)bit * COLUMNS, ranges, range_count)) kept &= ~(UINT64_C(1) << bit);
    }
    survivors[at + word] = kept;
    left += __builtin_popcountll(kept);
  }
  return left;
}

/* The best k so far; see ol_match_top. */
typedef struct {
  int32_t k, held;
  int64_t *scores;
  int32_t *rows;
} best;

static inline int admits(const best *top, int64_t score, int32_t row) {
  if (top->held < top->k) return 1;
  int64_t last = top->scores[top->k - 1];
  return score > last || (score == last && row < top->rows[top->k - 1]);
}

static void insert(best *top, int64_t score, int32_t row) {
  int32_t i = top->held < top->k ? top->held++ : top->k - 1;
  while (i > 0 && (top->scores[i - 1] < score || (top->scores[i - 1] == score && top->rows[i - 1] > row))) {
    top->scores[i] = top->scores[i - 1];
    top->rows[i] = top->rows[i - 1];
    i--;
  }
  top->scores[i] = score;
  top->rows[i] = row;
}

static void offer(const int32_t *candidates, int32_t count, const uint16_t *lines,
                  const int32_t *ranges, int32_t range_count,
                  const int32_t *weights, int32_t weight_count, best *top) {
  for (int32_t i = 0; i < count && i < AHEAD; i++) __builtin_prefetch(lines + (size_t)candidates[i] * COLUMNS);
  for (int32_t i = 0; i < count; i++) {
    if (i + AHEAD < count) __builtin_prefetch(lines + (size_t)candidates[i + AHEAD] * COLUMNS);
    int32_t row = candidates[i];
    const uint16_t *line = lines + (size_t)row * COLUMNS;
    int64_t score = 0;
    for (int32_t w = 0; w < weight_count; w++) score += (int64_t)weights[2 * w + 1] * line[weights[2 * w]];
    if (admits(top, score, row) && within(line, ranges, range_count)) insert(top, score, row);
  }
}

EXPORT int32_t ol_match_top(const uint64_t *survivors, int32_t at, int64_t first_word, int32_t word_count,
                            const uint16_t *lines, const int32_t *ranges, int32_t range_count,
                            const int32_t *weights, int32_t weight_count,
                            int32_t k, int32_t held, int64_t *scores, int32_t *rows) {
  if (at < 0 || first_word < 0 || word_count < 0 || k < 1 || held < 0 || held > k ||
      !columns_valid(ranges, range_count, 3) || !columns_valid(weights, weight_count, 2)) {
    return OL_MATCH_INVALID;
  }
  best top = {k, held, scores, rows};
  int32_t candidates[CANDIDATES + 64];
  int32_t count = 0;
  for (int32_t word = 0; word < word_count; word++) {
    int32_t base = (int32_t)((first_word + word) * 64);
    for (uint64_t bits = survivors[at + word]; bits != 0; bits &= bits - 1) {
      candidates[count++] = base + __builtin_ctzll(bits);
    }
    if (count >= CANDIDATES) {
      offer(candidates, count, lines, ranges, range_count, weights, weight_count, &top);
      count = 0;
    }
  }
  offer(candidates, count, lines, ranges, range_count, weights, weight_count, &top);
  return top.held;
}
