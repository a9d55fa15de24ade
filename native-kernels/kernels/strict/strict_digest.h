/* SHA-256 of values in one canonical form: StrictTokens.digest. */
struct sha {
  uint32_t state[8];
  uint64_t bytes;
  uint8_t block[64];
};

static const uint32_t SHA_ROUNDS[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

ALWAYS uint32_t turn(uint32_t x, int by) { return x >> by | x << (32 - by); }

static void sha_block(struct sha *s) {
  uint32_t w[64], v[8];
  for (int i = 0; i < 16; i++) {
    const uint8_t *b = s->block + 4 * i;
    w[i] = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
  }
  for (int i = 16; i < 64; i++) {
    uint32_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
  }
  memcpy(v, s->state, sizeof v);
  for (int i = 0; i < 64; i++) {
    uint32_t one = v[7] + (turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)) + ((v[4] & v[5]) ^ (~v[4] & v[6])) +
                   SHA_ROUNDS[i] + w[i];
    uint32_t two = (turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
    memmove(v + 1, v, 7 * sizeof(uint32_t));
    v[4] += one;
    v[0] = one + two;
  }
  for (int i = 0; i < 8; i++) s->state[i] += v[i];
}

static void sha_byte(struct sha *s, uint8_t byte) {
  s->block[s->bytes++ % 64] = byte;
  if (s->bytes % 64 == 0) sha_block(s);
}

static void sha_word(struct sha *s, uint32_t word) {
  for (int i = 0; i < 4; i++) sha_byte(s, (uint8_t)(word >> (8 * i)));
}

static int32_t digest(int32_t dimensions, const int32_t *shape, const float *values, uint8_t *out) {
  struct sha s = {{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
                  0,
                  {0}};
  int64_t count = 1;
  if (dimensions < 0) return OL_STRICT_INVALID;
  for (int32_t i = 0; i < dimensions; i++) {
    if (shape[i] < 0 || (shape[i] > 0 && count > INT64_MAX / 4 / shape[i])) return OL_STRICT_INVALID;
    count *= shape[i];
  }
  sha_byte(&s, 'f');
  sha_byte(&s, '3');
  sha_byte(&s, '2');
  sha_byte(&s, 0);
  sha_word(&s, (uint32_t)dimensions);
  for (int32_t i = 0; i < dimensions; i++) sha_word(&s, (uint32_t)shape[i]);
  for (int64_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, values + i, sizeof bits);
    sha_word(&s, values[i] == values[i] ? bits : 0x7fc00000u);
  }
  uint64_t length = s.bytes * 8;
  sha_byte(&s, 0x80);
  while (s.bytes % 64 != 56) sha_byte(&s, 0);
  for (int i = 7; i >= 0; i--) sha_byte(&s, (uint8_t)(length >> (8 * i)));
  for (int i = 0; i < 32; i++) out[i] = (uint8_t)(s.state[i / 4] >> (24 - 8 * (i % 4)));
  return OL_STRICT_OK;
}
