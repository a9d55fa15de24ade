/* ol_match.h: which rows of a table satisfy a policy, and which of them are best.
 *
 * The table
 *   slab    bitmaps of equal length: bit r of bitmap s is bit (r mod 64) of word slab[s * stride + r / 64].
 *           Each bitmap has at least first_word + word_count words, and bits beyond the last row are 0 in
 *           at least one required bitmap. Aligned to 8 bytes; 64 is faster. Never written.
 *   lines   32 unsigned 16-bit codes for each row, row r at lines[32 * r]. Aligned to 64 bytes. Never written.
 *
 * The question
 *   ranges  range_count triples (column, low, high): code[column] must lie within [low, high].
 *   weights weight_count pairs (column, weight): the score is the sum of weight * code[column], in 64 bits.
 *   Columns are 0 to 31, |weight| at most 2^31 - 1: no sum of 32 of them overflows.
 *
 * Every function answers at least 0, or OL_MATCH_INVALID, and then has written nothing. No function keeps a
 * pointer, allocates, blocks or touches global state; all may be called from any thread at once, if what they
 * write is the caller's alone. The scalar and the vector variant give the same bits.
 */
#ifndef OL_MATCH_H
#define OL_MATCH_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define OL_MATCH_ABI 1
#define OL_MATCH_BITMAPS_MAX 128
#define OL_MATCH_INVALID (-1)

/* The version of this header that the library was built from. */
int32_t ol_match_abi(void);

/* 0 for the portable code, 1 for AVX2: chosen once, when the library is loaded. */
int32_t ol_match_variant(void);

/* Chooses the variant by hand, for tests: answers the one now in use. A variant that this processor cannot
 * run is not chosen. Not to be called while another thread is inside a function of this library. */
int32_t ol_match_choose(int32_t variant);

/* survivors[at + i] = the AND of all required bitmaps without any excluded one, at word first_word + i, for i
 * below word_count. Answers how many bits are set.
 * Invalid: required_count below 1, or more than OL_MATCH_BITMAPS_MAX bitmaps of a kind, or a negative size. */
int32_t ol_match_select(const uint64_t *slab, int64_t stride,
                        const int32_t *required, int32_t required_count,
                        const int32_t *excluded, int32_t excluded_count,
                        int64_t first_word, int32_t word_count,
                        uint64_t *survivors, int32_t at);

/* Clears the survivors that a range refuses. Answers how many are left. survivors[at] stands for word
 * first_word. */
int32_t ol_match_keep(uint64_t *survivors, int32_t at, int64_t first_word, int32_t word_count,
                      const uint16_t *lines, const int32_t *ranges, int32_t range_count);

/* Merges the survivors that every range lets pass into the best k so far. scores and rows have k places, of
 * which the first `held` are in use, best first: the higher score, then the lower row. Answers how many are in
 * use afterwards. */
int32_t ol_match_top(const uint64_t *survivors, int32_t at, int64_t first_word, int32_t word_count,
                     const uint16_t *lines, const int32_t *ranges, int32_t range_count,
                     const int32_t *weights, int32_t weight_count,
                     int32_t k, int32_t held, int64_t *scores, int32_t *rows);

#ifdef __cplusplus
}
#endif
#endif
