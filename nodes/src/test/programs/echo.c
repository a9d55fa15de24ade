// Copies its input to its output and exits with the number of its arguments.
#include <unistd.h>

int main(int argc, char **argv) {
  static char buffer[65536];
  long count;
  while ((count = read(0, buffer, sizeof buffer)) > 0) {
    if (write(1, buffer, count) != count) return 111;
  }
  return argc - 1;
}
