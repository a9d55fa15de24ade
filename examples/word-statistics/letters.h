// SPDX-License-Identifier: Apache-2.0
//
// UTF-8, and the letters of the Latin script up to U+017F.

#ifndef OPENLEDGER_EXAMPLES_LETTERS_H
#define OPENLEDGER_EXAMPLES_LETTERS_H

#include <stdbool.h>
#include <stdint.h>

static const uint32_t INVALID = 0xFFFD;

// The code point at *at, which moves behind it; INVALID, one byte on, where the bytes are not UTF-8.
static uint32_t codePoint(const unsigned char **at, const unsigned char *end) {
  const unsigned char *p = *at;
  *at = p + 1;
  if (p[0] < 0x80) return p[0];
  int more = p[0] >= 0xF0 && p[0] <= 0xF4 ? 3 : p[0] >= 0xE0 && p[0] < 0xF0 ? 2
           : p[0] >= 0xC2 && p[0] < 0xE0 ? 1 : 0;
  if (more == 0 || end - p <= more) return INVALID;
  uint32_t code = p[0] & (0x3F >> more);
  for (int i = 1; i <= more; i++) {
    if ((p[i] & 0xC0) != 0x80) return INVALID;
    code = code << 6 | (p[i] & 0x3F);
  }
  static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
  if (code < least[more] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return INVALID;
  *at = p + more + 1;
  return code;
}

static bool isLetter(uint32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
      || (c >= 0xC0 && c <= 0x17F && c != 0xD7 && c != 0xF7);
}

static uint32_t lower(uint32_t c) {
  if (c >= 'A' && c <= 'Z') return c + 0x20;
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 0x20;
  if (c == 0x130) return 'i';
  if (c == 0x178) return 0xFF;
  if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) return c + (c & 1);  // odd is capital
  if (c >= 0x100 && c <= 0x177 && c != 0x131 && c != 0x138) return c | 1;            // even is capital
  return c;
}

// All letters here lie below U+0800, so two bytes are enough.
static int encode(uint32_t c, char *out) {
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  out[0] = (char)(0xC0 | c >> 6);
  out[1] = (char)(0x80 | (c & 0x3F));
  return 2;
}

#endif
