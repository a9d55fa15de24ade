package xyz.openledger.cluster.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import xyz.openledger.cluster.cli.CommandFailure;

/** Starts our own programs as processes of their own, and stops all of them again. */
final class Programs implements AutoCloseable {
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
  private static final int PORTS_TRIED_MAX = 50;

  /** HTTP, gateway, cluster, chain and witness, from the port base. */
  private static final List<Integer> PORTS = List.of(0, 1, 2, 45, LocalNetwork.WITNESS_PORT);

  private static final List<String> FLAGS =
      List.of(
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+UseSerialGC",
          "-Dslf4j.internal.verbosity=ERROR");

  private final Path logs;
  private final List<Process> running = new ArrayList<>();

  Programs(Path logs) throws IOException {
    this.logs = Files.createDirectories(logs);
  }

  /** Starts {@code program}; what it prints goes to a file of that name. */
  Process start(String name, List<String> jvmFlags, Class<?> program, List<String> arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(jvmFlags);
    String home = System.getProperty("openledger.home");
    if (home != null) {
      command.add("-Dopenledger.home=" + home);
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log(name).toFile()))
            .start();
    running.add(process);
    return process;
  }

  /** What a program printed. */
  Path log(String name) {
    return logs.resolve(name + ".log");
  }

  /** That a program has stopped though nobody told it to, with the last that it said. */
  CommandFailure stopped(String name) {
    String last = "nothing";
    try {
      for (String line : Files.readAllLines(log(name))) {
        // What follows an error is advice, or a trace.
        last = line.startsWith("error: ") || !last.startsWith("error: ") ? line : last;
      }
    } catch (IOException unreadable) {
      last = unreadable.toString();
    }
    return CommandFailure.failed(
        "%s stopped, and said last: %s (all of it is in %s)".formatted(name, last, log(name)),
        "openledger doctor");
  }

  /** Stops a process as an operator would, and waits. */
  void stop(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        kill(process);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      kill(process);
    }
    running.remove(process);
  }

  /** kill -9, with everything that it started. */
  void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
    running.remove(process);
  }

  @Override
  public void close() {
    running.forEach(Process::destroy);
    List.copyOf(running).forEach(this::stop);
  }

  /**
   * A port such that it, the next two and those for the chain and the witness are free now. Drawn
   * below the ports from which systems take those of outgoing connections, so that none of these
   * comes in between.
   */
  static int freePortBase() throws IOException {
    for (int attempt = 0; attempt < PORTS_TRIED_MAX; attempt++) {
      int base = ThreadLocalRandom.current().nextInt(10_000, 32_000);
      if (PORTS.stream().allMatch(offset -> free(base + offset))) {
        return base;
      }
    }
    throw new IOException("no free ports were found on this machine");
  }

  /** Refuses a port base of whose ports another program has one. */
  static void requireFree(int portBase) {
    for (int offset : PORTS) {
      int port = portBase + offset;
      if (!free(port)) {
        throw CommandFailure.usage(
            "port %d is taken by another program".formatted(port),
            "--port-base",
            "openledger dev --port-base %d".formatted(portBase + 100));
      }
    }
  }

  private static boolean free(int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
