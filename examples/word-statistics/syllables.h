// SPDX-License-Identifier: Apache-2.0
//
// How many syllables a word has, from its lower-case letters.

#ifndef OPENLEDGER_EXAMPLES_SYLLABLES_H
#define OPENLEDGER_EXAMPLES_SYLLABLES_H

#include <stdbool.h>
#include <stdint.h>

static uint32_t withoutAccent(uint32_t c) {
  switch (c) {
    case 0xE0: case 0xE1: case 0xE2: case 0xE3: case 0xE4: case 0xE5: return 'a';
    case 0xE8: case 0xE9: case 0xEA: case 0xEB: return 'e';
    case 0xEC: case 0xED: case 0xEE: case 0xEF: return 'i';
    case 0xF2: case 0xF3: case 0xF4: case 0xF5: case 0xF6: return 'o';
    case 0xF9: case 0xFA: case 0xFB: case 0xFC: return 'u';
    default: return c;
  }
}

static bool isVowel(uint32_t c) {
  uint32_t plain = withoutAccent(c);
  return plain == 'a' || plain == 'e' || plain == 'i' || plain == 'o' || plain == 'u';
}

// A close vowel without a written accent glides into its neighbour; an accented one does not.
static bool isWeak(uint32_t c) { return c == 'i' || c == 'u' || c == 0xFC; }

// Spanish spelling settles it: two vowels are one syllable when one of them is weak, y counts as a
// vowel at the end of a word, and the u of que, qui, gue, gui is silent.
static int syllablesSpanish(const uint32_t *letters, int count) {
  int syllables = 0;
  uint32_t before = 0;
  for (int i = 0; i < count; i++) {
    uint32_t c = letters[i];
    bool silent = c == 'u' && i > 0 && i + 1 < count
        && (letters[i - 1] == 'q' || letters[i - 1] == 'g')
        && (withoutAccent(letters[i + 1]) == 'e' || withoutAccent(letters[i + 1]) == 'i');
    if (silent) continue;
    if (c == 'y' && i + 1 == count) c = 'i';
    if (!isVowel(c)) {
      before = 0;
      continue;
    }
    if (before == 0 || (!isWeak(c) && !isWeak(before))) syllables++;
    before = c;
  }
  return syllables > 0 ? syllables : 1;
}

// English spelling does not settle it. This is the usual estimate: groups of vowels, less a silent e at
// the end (but not -le after a consonant) and the silent e of -es and -ed.
static int syllablesEnglish(const uint32_t *letters, int count) {
  int syllables = 0;
  bool before = false;
  for (int i = 0; i < count; i++) {
    bool vowel = isVowel(letters[i]) || (letters[i] == 'y' && i > 0);
    if (vowel && !before) syllables++;
    before = vowel;
  }
  uint32_t last = letters[count - 1];
  int e = last == 'e' ? count - 1 : last == 's' || last == 'd' ? count - 2 : -1;
  bool endsInE = e > 1 && letters[e] == 'e' && !isVowel(letters[e - 1]);
  if (endsInE) {
    uint32_t c = letters[e - 1];
    bool sounded = last == 'd' ? c == 't' || c == 'd'
                 : last == 's' ? c == 's' || c == 'x' || c == 'z' || c == 'h' || c == 'c' || c == 'g'
                 : false;
    bool ending = c == 'l' && !isVowel(letters[e - 2]);
    if (!sounded && !ending) syllables--;
  }
  return syllables > 0 ? syllables : 1;
}

#endif
