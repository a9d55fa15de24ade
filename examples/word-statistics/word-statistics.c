// SPDX-License-Identifier: Apache-2.0
//
// Counts the words of one text: how many, how varied, which ones most often, and how easy it reads.
//
//   arguments  --language en|es   which readability formula and which syllables; en unless said
//              --top N            how many of the most frequent words to print, 0..1000; 10 unless said
//              --letters N        only words of at least so many letters are among them; 5 unless said
//              --resamples N      draws behind the interval of the readability, 100..200000; 10000
//                                 unless said
//              --seed N           names those draws; 1 unless said
//   input      a text in UTF-8, at most 1 MiB
//   output     one "name value" a line, then one "word COUNT WORD" for each frequent word
//   exit       0 done, 2 when an argument is wrong or the text holds no word (the message is on stderr)
//
// A word is a run of letters; an apostrophe or a hyphen between two letters belongs to it. Letters are
// those of the Latin script up to U+017F, which covers English, Spanish and most of western Europe, in
// composed form (NFC). A sentence ends at . ! ? or an ellipsis, or at an empty line; a point before a
// letter or a digit, as in 3.5, ends none.

#include "../arguments.h"
#include "letters.h"
#include "syllables.h"

enum {
  TEXT_BYTES_MAX = 1 << 20,
  WORD_LETTERS_MAX = 47,  // the rest of a longer run of letters starts a new word
  WORD_BYTES_MAX = 2 * WORD_LETTERS_MAX + 2,
  WINDOW_WORDS = 100,  // of the moving type/token ratio
  RESAMPLES_MAX = 200000,
};

typedef struct {
  bool spanish;
  long top, lettersMin, resamples;
  uint64_t seed;
} Options;

// One distinct word.
typedef struct {
  char text[WORD_BYTES_MAX];
  int letters, count;
} Type;

typedef struct {
  int words, syllables;
} Sentence;

// --- arguments -----------------------------------------------------------------------------------

static Options options(int argc, char **argv) {
  Options o = {.spanish = false, .top = 10, .lettersMin = 5, .resamples = 10000, .seed = 1};
  for (int i = 1; i < argc; i += 2) {
    const char *name = argv[i], *text = valueOf(argc, argv, i);
    if (strcmp(name, "--language") == 0) o.spanish = choice(name, text, "en|es") == 1;
    else if (strcmp(name, "--top") == 0) o.top = whole(name, text, 0, 1000);
    else if (strcmp(name, "--letters") == 0) o.lettersMin = whole(name, text, 1, WORD_LETTERS_MAX);
    else if (strcmp(name, "--resamples") == 0) o.resamples = whole(name, text, 100, RESAMPLES_MAX);
    else if (strcmp(name, "--seed") == 0) o.seed = whole(name, text, 0, 2147483647);
    else refuse("%s: no such argument", name);
  }
  return o;
}

// --- the distinct words --------------------------------------------------------------------------

static Type *types;
static int typeCount, typeCapacity;
static int *slots;  // open addressing: index of a type + 1, or 0
static int slotCount;

static uint32_t fnv1a(const char *text) {
  uint32_t hash = 2166136261u;
  for (; *text != '\0'; text++) hash = (hash ^ (unsigned char)*text) * 16777619u;
  return hash;
}

static int *slotOf(const char *text) {
  uint32_t at = fnv1a(text) & (slotCount - 1);
  while (slots[at] != 0 && strcmp(types[slots[at] - 1].text, text) != 0) at = (at + 1) & (slotCount - 1);
  return &slots[at];
}

static void growTypes(void) {
  typeCapacity = typeCapacity == 0 ? 1024 : typeCapacity * 2;
  types = allocate(types, typeCapacity * sizeof *types);
  free(slots);
  slotCount = typeCapacity * 2;
  slots = allocate(NULL, slotCount * sizeof *slots);
  memset(slots, 0, slotCount * sizeof *slots);
  for (int i = 0; i < typeCount; i++) *slotOf(types[i].text) = i + 1;
}

static int typeOf(const char *text, int letters) {
  if (typeCount == typeCapacity) growTypes();
  int *slot = slotOf(text);
  if (*slot == 0) {
    Type *type = &types[typeCount++];
    strcpy(type->text, text);
    type->letters = letters;
    type->count = 0;
    *slot = typeCount;
  }
  types[*slot - 1].count++;
  return *slot - 1;
}

// --- reading the text ----------------------------------------------------------------------------

typedef struct {
  int bytes, characters, invalidBytes, letters, words, syllables, sentences;
} Totals;

typedef struct {
  uint32_t code[WORD_LETTERS_MAX];  // letters and joiners, in lower case
  int count;
} Word;

static Totals totals;
static int *wordTypes;  // the text as a sequence of types
static Sentence *sentences;

// An array of `count` elements with room for one more; it doubles when count reaches a power of two.
static void *room(void *array, int count, size_t elementBytes) {
  bool isFull = (count & (count - 1)) == 0;
  return isFull ? allocate(array, (count == 0 ? 1 : 2 * (size_t)count) * elementBytes) : array;
}

static void endWord(const Options *o, Word *word, Sentence *sentence) {
  if (word->count == 0) return;
  char text[WORD_BYTES_MAX];
  uint32_t letters[WORD_LETTERS_MAX];
  int bytes = 0, letterCount = 0;
  for (int i = 0; i < word->count; i++) {
    bytes += encode(word->code[i], text + bytes);
    if (isLetter(word->code[i])) letters[letterCount++] = word->code[i];
  }
  text[bytes] = '\0';
  int syllables = o->spanish ? syllablesSpanish(letters, letterCount)
                             : syllablesEnglish(letters, letterCount);

  wordTypes = room(wordTypes, totals.words, sizeof *wordTypes);
  wordTypes[totals.words++] = typeOf(text, letterCount);
  totals.letters += letterCount;
  totals.syllables += syllables;
  sentence->words++;
  sentence->syllables += syllables;
  word->count = 0;
}

static void endSentence(Sentence *sentence) {
  if (sentence->words == 0) return;
  sentences = room(sentences, totals.sentences, sizeof *sentences);
  sentences[totals.sentences++] = *sentence;
  *sentence = (Sentence){0, 0};
}

// An apostrophe or a hyphen, the typographic apostrophe written plainly; 0 for anything else.
static uint32_t joiner(uint32_t c) { return c == '\'' || c == 0x2019 ? '\'' : c == '-' ? '-' : 0; }

static bool endsSentence(uint32_t c, uint32_t next) {
  bool insideNumberOrName = isLetter(next) || (next >= '0' && next <= '9');
  return c == '!' || c == '?' || c == 0x2026 || (c == '.' && !insideNumberOrName);
}

static void readText(const Options *o, const unsigned char *text, size_t bytes) {
  const unsigned char *at = text, *end = text + bytes;
  Word word = {.count = 0};
  Sentence sentence = {0, 0};
  bool lineIsEmpty = false;
  totals.bytes = (int)bytes;
  while (at < end) {
    uint32_t c = codePoint(&at, end);
    const unsigned char *ahead = at;
    uint32_t next = at < end ? codePoint(&ahead, end) : '\n';
    totals.characters++;
    totals.invalidBytes += c == INVALID;

    bool joins = joiner(c) != 0 && word.count > 0 && isLetter(next);
    if (word.count == WORD_LETTERS_MAX || (!isLetter(c) && !joins)) endWord(o, &word, &sentence);
    if (isLetter(c) || (joins && word.count > 0)) {
      word.code[word.count++] = isLetter(c) ? lower(c) : joiner(c);
    }

    if (endsSentence(c, next) || (c == '\n' && lineIsEmpty)) endSentence(&sentence);
    if (c == '\n') lineIsEmpty = true;
    else if (c != '\r' && c != ' ' && c != '\t') lineIsEmpty = false;
  }
  endWord(o, &word, &sentence);
  endSentence(&sentence);
}

// --- figures -------------------------------------------------------------------------------------

// Flesch (1948) for English; for Spanish the scale of Szigriszt-Pazos (1993). 0 is very hard, 100 easy.
static double readingEase(const Options *o, double words, double sentenceCount, double syllables) {
  return o->spanish ? 206.835 - 62.3 * (syllables / words) - words / sentenceCount
                    : 206.835 - 84.6 * (syllables / words) - 1.015 * (words / sentenceCount);
}

static uint64_t randomState;

// SplitMix64 (Steele, Lea and Flood 2014), scaled to 0..bound-1; the bias is below bound / 2^32.
static int below(int bound) {
  uint64_t z = randomState += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  z ^= z >> 31;
  return (int)((z >> 32) * (uint64_t)bound >> 32);
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/*
 * How far the readability can be trusted (Efron's percentile bootstrap, 1979): the text is written anew
 * many times from its own sentences, drawn with replacement, and 95 of 100 of those texts read between
 * the two ends. A short text has a wide interval, and its readability should not be quoted to a decimal.
 */
static void readingEaseInterval(const Options *o, double *low, double *high) {
  double *ease = allocate(NULL, o->resamples * sizeof *ease);
  for (long i = 0; i < o->resamples; i++) {
    int words = 0, syllables = 0;
    for (int j = 0; j < totals.sentences; j++) {
      Sentence drawn = sentences[below(totals.sentences)];
      words += drawn.words;
      syllables += drawn.syllables;
    }
    ease[i] = readingEase(o, words, totals.sentences, syllables);
  }
  qsort(ease, o->resamples, sizeof *ease, ascending);
  *low = ease[o->resamples / 40];
  *high = ease[o->resamples - 1 - o->resamples / 40];
}

/*
 * The type/token ratio falls as a text grows, so texts of different length cannot be compared by it. Its
 * mean over every window of WINDOW_WORDS words can (Covington and McFall 2010).
 */
static double movingTypeTokenRatio(void) {
  if (totals.words < WINDOW_WORDS) return (double)typeCount / totals.words;
  int *inWindow = allocate(NULL, typeCount * sizeof *inWindow);
  memset(inWindow, 0, typeCount * sizeof *inWindow);
  int distinct = 0;
  int64_t sum = 0;
  for (int i = 0; i < totals.words; i++) {
    if (inWindow[wordTypes[i]]++ == 0) distinct++;
    if (i >= WINDOW_WORDS && --inWindow[wordTypes[i - WINDOW_WORDS]] == 0) distinct--;
    if (i >= WINDOW_WORDS - 1) sum += distinct;
  }
  return (double)sum / (totals.words - WINDOW_WORDS + 1) / WINDOW_WORDS;
}

static int moreFrequent(const void *a, const void *b) {
  const Type *x = a, *y = b;
  return x->count != y->count ? y->count - x->count : strcmp(x->text, y->text);
}

static void printTotals(const Options *o) {
  int once = 0;
  for (int i = 0; i < typeCount; i++) once += types[i].count == 1;
  double low, high;
  readingEaseInterval(o, &low, &high);
  printf("bytes %d\n", totals.bytes);
  printf("characters %d\n", totals.characters);
  printf("invalid-bytes %d\n", totals.invalidBytes);
  printf("sentences %d\n", totals.sentences);
  printf("words %d\n", totals.words);
  printf("distinct-words %d\n", typeCount);
  printf("words-used-once %d\n", once);
  printf("type-token-ratio %.4f\n", (double)typeCount / totals.words);
  printf("moving-type-token-ratio %.4f\n", movingTypeTokenRatio());
  printf("letters-per-word %.2f\n", (double)totals.letters / totals.words);
  printf("syllables-per-word %.2f\n", (double)totals.syllables / totals.words);
  printf("words-per-sentence %.2f\n", (double)totals.words / totals.sentences);
  printf("reading-ease %.1f\n",
      readingEase(o, totals.words, totals.sentences, totals.syllables));
  printf("reading-ease-interval %.1f %.1f\n", low, high);
}

// Sorts the types by frequency, so it comes last: wordTypes points into the unsorted table.
static void printFrequentWords(const Options *o) {
  qsort(types, typeCount, sizeof *types, moreFrequent);
  long printed = 0;
  for (int i = 0; i < typeCount && printed < o->top; i++) {
    if (types[i].letters < o->lettersMin) continue;
    printf("word %d %s\n", types[i].count, types[i].text);
    printed++;
  }
}

int main(int argc, char **argv) {
  Options o = options(argc, argv);
  size_t bytes;
  unsigned char *text = standardInput(TEXT_BYTES_MAX, &bytes);
  readText(&o, text, bytes);
  if (totals.words == 0) refuse("the text holds no word");
  randomState = o.seed;
  printTotals(&o);
  printFrequentWords(&o);
  return 0;
}
