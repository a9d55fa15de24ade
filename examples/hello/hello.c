// SPDX-License-Identifier: Apache-2.0
//
// The smallest useful task: reads names from standard input, one a line, and greets each of them on
// standard output. Copy this file to begin a task of your own.
//
//   arguments  [GREETING]        the word to greet with; "Hello" if none is given
//   input      one name a line, in UTF-8; what passes 1,023 bytes counts as the next name
//   output     one greeting a line, then how many there were
//   exit       0 done, 2 when the input holds no name

#include <stdio.h>
#include <string.h>

enum { LINE_BYTES_MAX = 1024 };

int main(int argc, char **argv) {
  const char *greeting = argc > 1 ? argv[1] : "Hello";
  char line[LINE_BYTES_MAX];
  int greeted = 0;

  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\r\n")] = '\0';
    if (line[0] == '\0') continue;
    printf("%s, %s!\n", greeting, line);
    greeted++;
  }

  if (greeted == 0) {
    fputs("the input holds no name: send one name a line\n", stderr);
    return 2;
  }
  printf("%d greeted\n", greeted);
  return 0;
}
