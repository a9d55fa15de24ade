package xyz.openledger.cluster.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process and everything it started has used so far, children that have ended included.
 * Read from {@code /proc}; elsewhere only this process counts, and {@link #WHOLE} says so.
 */
record ProcessTree(double cpuSeconds, long writtenBytes) {
  /** Whether children can be counted here. */
  static final boolean WHOLE = Files.isReadable(Path.of("/proc/self/stat"));

  private static final double TICKS_PER_SECOND = 100;
  private static final double NANOS_PER_SECOND = 1e9;

  static ProcessTree now() {
    long ticks = 0;
    long bytes = 0;
    ProcessHandle self = ProcessHandle.current();
    if (WHOLE) {
      // Of ourselves only what ended children have used: our own time is known more exactly.
      ticks += ticks(self, false);
      bytes += bytes(self);
      for (ProcessHandle child : self.descendants().toList()) {
        ticks += ticks(child, true);
        bytes += bytes(child);
      }
    }
    return new ProcessTree(own() + ticks / TICKS_PER_SECOND, bytes);
  }

  private static double own() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime() / NANOS_PER_SECOND
        : 0;
  }

  /** User and system time of a process and of its children that it has waited for. */
  private static long ticks(ProcessHandle process, boolean itself) {
    String[] fields = stat(process);
    // After the name, which may hold spaces: state is field 3 of proc(5), utime 14, cutime 16.
    if (fields.length < 15) {
      return 0;
    }
    long ended = Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
    return itself ? ended + Long.parseLong(fields[11]) + Long.parseLong(fields[12]) : ended;
  }

  private static String[] stat(ProcessHandle process) {
    try {
      String line = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      return line.substring(line.lastIndexOf(')') + 2).split(" ");
    } catch (IOException gone) {
      // What it used is in its parent's figure from now on.
      return new String[0];
    }
  }

  private static long bytes(ProcessHandle process) {
    try {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/io")).stream()
          .filter(line -> line.startsWith("wchar: "))
          .mapToLong(line -> Long.parseLong(line.substring("wchar: ".length())))
          .sum();
    } catch (IOException goneOrForbidden) {
      return 0;
    }
  }
}
