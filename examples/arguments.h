// SPDX-License-Identifier: Apache-2.0
//
// How the example tasks read their arguments, and how they refuse what they cannot use: a sentence on
// standard error that names the argument or the line, and exit code 2.

#ifndef OPENLEDGER_EXAMPLES_ARGUMENTS_H
#define OPENLEDGER_EXAMPLES_ARGUMENTS_H

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((noreturn, format(printf, 1, 2)))
static inline void refuse(const char *format, ...) {
  va_list values;
  va_start(values, format);
  vfprintf(stderr, format, values);
  va_end(values);
  fputc('\n', stderr);
  exit(2);
}

// The value behind the argument at argv[i].
static inline const char *valueOf(int argc, char **argv, int i) {
  if (i + 1 == argc) refuse("%s: a value is missing", argv[i]);
  return argv[i + 1];
}

static inline double number(const char *name, const char *text, double min, double max) {
  char *end;
  double value = strtod(text, &end);
  // Written so that NaN is refused too.
  if (end == text || *end != '\0' || !(value >= min && value <= max)) {
    refuse("%s: \"%s\" is not a number from %.15g to %.15g", name, text, min, max);
  }
  return value;
}

static inline long whole(const char *name, const char *text, long min, long max) {
  char *end;
  errno = 0;
  long value = strtol(text, &end, 10);
  if (end == text || *end != '\0' || errno != 0 || value < min || value > max) {
    refuse("%s: \"%s\" is not a whole number from %ld to %ld", name, text, min, max);
  }
  return value;
}

// The place of `text` among the choices, which are parted by '|'.
static inline int choice(const char *name, const char *text, const char *choices) {
  size_t length = strlen(text);
  const char *at = choices;
  for (int place = 0;; place++) {
    size_t span = strcspn(at, "|");
    if (span == length && strncmp(at, text, span) == 0) return place;
    if (at[span] == '\0') refuse("%s: \"%s\" is none of %s", name, text, choices);
    at += span + 1;
  }
}

static inline void *allocate(void *old, size_t bytes) {
  void *memory = realloc(old, bytes);
  if (memory == NULL) refuse("out of memory: %zu bytes more were asked for", bytes);
  return memory;
}

// All of standard input, at most bytesMax of it.
static inline unsigned char *standardInput(size_t bytesMax, size_t *bytes) {
  unsigned char *input = NULL;
  size_t length = 0, capacity = 16384;
  for (;;) {
    input = allocate(input, capacity);
    size_t got = fread(input + length, 1, capacity - length, stdin);
    if (got == 0) break;
    length += got;
    if (length > bytesMax) refuse("the input is longer than %zu bytes", bytesMax);
    if (length == capacity) capacity *= 2;
  }
  *bytes = length;
  return input;
}

#endif
