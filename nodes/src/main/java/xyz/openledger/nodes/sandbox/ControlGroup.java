package xyz.openledger.nodes.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A control group of the Linux kernel, made for one process and its children: how much CPU they
 * get, how much memory, how many they may be. Needs root or a delegated group; {@link #create} says
 * so where it fails.
 */
public final class ControlGroup implements AutoCloseable {
  private static final AtomicLong NUMBER = new AtomicLong();
  private static final int PERIOD_MICROS = 100_000;

  /**
   * A group weighs a third of any other where both want the same core: the machine's owner comes
   * first. Where nobody else wants it, that takes nothing away.
   */
  private static final int V1_SHARES = 1024 / 3;

  private static final int V2_WEIGHT = 100 / 3;
  private static final int REMOVE_ATTEMPTS = 50;
  private static final long REMOVE_PAUSE_MILLIS = 20;

  /**
   * What a group allows.
   *
   * @param cpuPercent of one core; from 100 on there is no limit, so that a compiler may run beside
   *     the program
   * @param memoryMaxBytes of real memory; beyond it the kernel kills the process
   * @param processesMax threads and processes together
   */
  public record Limits(int cpuPercent, long memoryMaxBytes, int processesMax) {}

  private static final Limits USUAL = new Limits(100, 1L << 30, 128);

  private final String kind;
  private final List<Path> folders;
  private final Limits limits;

  private ControlGroup(String kind, List<Path> folders, Limits limits) {
    this.kind = kind;
    this.folders = List.copyOf(folders);
    this.limits = limits;
  }

  /** No group: limits nothing on this machine. */
  public static ControlGroup none() {
    return elsewhere(USUAL);
  }

  /** No group of this machine: whoever starts the program elsewhere keeps it to the limits. */
  public static ControlGroup elsewhere(Limits limits) {
    return new ControlGroup("none", List.of(), limits);
  }

  /** What it allows, or is to allow. */
  Limits limits() {
    return limits;
  }

  /**
   * Makes a group below the one that this process is in.
   *
   * @throws IOException if the machine has no control groups, or this process may not make one
   */
  public static ControlGroup create(Limits limits) throws IOException {
    return create(limits, ControlGroupTree.read(Path.of("/proc/self")));
  }

  static ControlGroup create(Limits limits, ControlGroupTree tree) throws IOException {
    String name = OwnedFolder.prefix() + NUMBER.getAndIncrement();
    var folders = new ArrayList<Path>();
    String kind = tree.version().name().toLowerCase(Locale.ROOT);
    try {
      for (var setting : settings(limits, tree)) {
        Path folder = setting.parent().resolve(name);
        if (!folders.contains(folder)) {
          OwnedFolder.sweep(setting.parent(), Files::delete);
          Files.createDirectory(folder);
          folders.add(folder);
        }
        for (String assignment : setting.assignments()) {
          int equals = assignment.indexOf('=');
          Path file = folder.resolve(assignment.substring(0, equals));
          if (!Files.exists(file)) {
            throw new IOException(
                file + " is missing: the controller is not delegated to this process's group");
          }
          Files.writeString(file, assignment.substring(equals + 1));
        }
      }
      return new ControlGroup(kind, folders, limits);
    } catch (IOException e) {
      new ControlGroup(kind, folders, limits).close();
      throw e;
    }
  }

  private record Setting(Path parent, List<String> assignments) {}

  private static List<Setting> settings(Limits limits, ControlGroupTree tree) throws IOException {
    boolean wholeCore = limits.cpuPercent() >= 100;
    long quotaMicros = (long) PERIOD_MICROS * limits.cpuPercent() / 100;
    return switch (tree.version()) {
      case V1 ->
          List.of(
              new Setting(
                  tree.folder("cpu"),
                  List.of(
                      "cpu.shares=" + V1_SHARES,
                      "cpu.cfs_period_us=" + PERIOD_MICROS,
                      "cpu.cfs_quota_us=" + (wholeCore ? -1 : quotaMicros))),
              new Setting(
                  tree.folder("memory"),
                  List.of("memory.limit_in_bytes=" + limits.memoryMaxBytes())),
              new Setting(tree.folder("pids"), List.of("pids.max=" + limits.processesMax())));
      case V2 ->
          List.of(
              new Setting(
                  tree.folder(""),
                  List.of(
                      "cpu.max=" + (wholeCore ? "max" : quotaMicros) + " " + PERIOD_MICROS,
                      "memory.max=" + limits.memoryMaxBytes(),
                      "pids.max=" + limits.processesMax(),
                      "cpu.weight=" + V2_WEIGHT)));
    };
  }

  /** One for each controller, or one for all. */
  List<Path> folders() {
    return folders;
  }

  /** {@code cgroup-v1}, {@code cgroup-v2} or {@code none}. */
  public String kind() {
    return folders.isEmpty() ? "none" : "cgroup-" + kind;
  }

  /**
   * The start of a command that joins this group and becomes the command that follows; empty for no
   * group.
   */
  List<String> joining() {
    if (folders.isEmpty()) {
      return List.of();
    }
    var script = new StringBuilder();
    for (Path folder : folders) {
      script.append("echo $$ > '").append(folder.resolve("cgroup.procs")).append("' && ");
    }
    return List.of("/bin/sh", "-c", script + "exec \"$@\"", "join");
  }

  /** Removes the group. Its processes must have ended, or be about to. */
  @Override
  public void close() {
    for (Path folder : folders) {
      remove(folder);
    }
  }

  private static void remove(Path folder) {
    for (int attempt = 0; attempt < REMOVE_ATTEMPTS; attempt++) {
      try {
        // A group's files are the kernel's; the folder goes as it is.
        Files.deleteIfExists(folder);
        return;
      } catch (IOException busy) {
        try {
          Thread.sleep(REMOVE_PAUSE_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }
}
