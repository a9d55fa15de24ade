/* The widest lanes of the variant, for products: LANES of them, TILE_ROWS x TILE_WIDE sums in registers. */
#ifdef STRICT_AVX512
#define LANES 16
#define TILE_ROWS 12
typedef float vw __attribute__((vector_size(64)));
typedef float vw_memory __attribute__((vector_size(64), aligned(4), may_alias));
ALWAYS vw fused_wide(vw a, vw b, vw c) { return (vw)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c); }
ALWAYS vw all_wide(float value) { return (vw)_mm512_set1_ps(value); }
ALWAYS vw load_wide(const float *from) { return *(const vw_memory *)from; }
ALWAYS void store_wide(float *to, vw value) { *(vw_memory *)to = value; }
ALWAYS vw expand_wide(const uint16_t *from) {
  return (vw)_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)from)), 16);
}
#else
#define LANES 8
#define TILE_ROWS 6
typedef v8 vw;
ALWAYS vw fused_wide(vw a, vw b, vw c) { return fused8(a, b, c); }
ALWAYS vw all_wide(float value) { return all8(value); }
ALWAYS vw load_wide(const float *from) { return load8(from); }
ALWAYS void store_wide(float *to, vw value) { store8(to, value); }
ALWAYS vw expand_wide(const uint16_t *from) { return expand8(from); }
#endif

#define TILE_WIDE 2
#define TILE_COLUMNS (TILE_WIDE * LANES)
#define PANELS_OF_TILE (TILE_COLUMNS / OL_STRICT_PANEL)
/* Asks for a line as far as the second-level cache; any address may be asked for. */
#define SOON(address) __builtin_prefetch((const void *)(address), 0, 2)
/* A block of the right matrix stays in the second-level cache, a tile's rows in the first. */
#define DEPTH 256
#define COLUMNS 512

struct workspace {
  float right[DEPTH * COLUMNS];
  float left[TILE_ROWS * DEPTH];
  float inner[16 * OL_STRICT_RANK_MAX];
  float edge[TILE_ROWS * TILE_COLUMNS];
};
_Static_assert(sizeof(struct workspace) <= OL_STRICT_WORKSPACE, "the workspace is large enough");
