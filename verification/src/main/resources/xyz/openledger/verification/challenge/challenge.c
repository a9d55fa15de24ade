/*
 * The challenge that every node solves before it is given work: argument 1 is a seed, argument 2 a number of rounds,
 * both decimal; the output is the last state of that many rounds of mixing, as 16 hex digits. Challenge.java computes
 * the same. Built by build.sh; challenge.wasm beside this file is the result.
 *
 * mix64 (David Stafford's variant 13 of the MurmurHash3 finaliser) chained through an array, so that memory counts too.
 */
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define CELLS 4096

static uint64_t cells[CELLS];

static uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

int main(int argc, char **argv) {
  if (argc != 3) {
    return 2;
  }
  uint64_t state = strtoull(argv[1], 0, 10);
  uint64_t rounds = strtoull(argv[2], 0, 10);
  for (uint64_t i = 0; i < rounds; i++) {
    uint64_t *cell = &cells[state % CELLS];
    state = mix(state + *cell + i);
    *cell = state;
  }
  char digits[16];
  for (int i = 15; i >= 0; i--) {
    digits[i] = "0123456789abcdef"[state & 15];
    state >>= 4;
  }
  return write(1, digits, sizeof digits) == sizeof digits ? 0 : 1;
}
