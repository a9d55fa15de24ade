// Writes down everything that the world tells it: arguments, environment, clock, random bytes, errors.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv) {
  for (int i = 0; i < argc; i++) printf("argument %d: %s\n", i, argv[i]);
  printf("environment: %s\n", environ == 0 || environ[0] == 0 ? "empty" : environ[0]);

  for (int i = 0; i < 3; i++) {
    struct timespec time;
    clock_gettime(i == 2 ? CLOCK_MONOTONIC : CLOCK_REALTIME, &time);
    printf("clock: %lld.%09ld\n", (long long)time.tv_sec, time.tv_nsec);
  }

  unsigned char random[40];
  getentropy(random, sizeof random);
  printf("random: ");
  for (unsigned i = 0; i < sizeof random; i++) printf("%02x", random[i]);
  printf("\n");

  char byte;
  printf("read of an unknown descriptor: %ld, errno %d\n", (long)read(7, &byte, 1), errno);
  printf("write to the input: %ld, errno %d\n", (long)write(0, "x", 1), errno);
  printf("seek of the input: %lld, errno %d\n", (long long)lseek(0, 0, SEEK_SET), errno);
  close(0);
  printf("read of the closed input: %ld, errno %d\n", (long)read(0, &byte, 1), errno);
  fprintf(stderr, "a complaint\n");
  return 0;
}
