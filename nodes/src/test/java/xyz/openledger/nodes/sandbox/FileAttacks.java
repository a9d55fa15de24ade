package xyz.openledger.nodes.sandbox;

import static xyz.openledger.nodes.sandbox.Hostile.NOTHING;
import static xyz.openledger.nodes.sandbox.Hostile.attack;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads what is secret, writes what is not its own. */
final class FileAttacks {
  private FileAttacks() {}

  static void on(Hostile.Host host) {
    read("/etc/shadow");
    read("/etc/passwd");
    read("/dev/mem");
    read("/dev/kmsg");
    read("/dev/tty");
    read("/proc/kcore");
    read(host.folder() + "/key.pem");
    read("/proc/1/root" + host.folder() + "/key.pem");
    attack("read the key by a link", () -> throughLink(host.folder().resolve("key.pem")));
    for (String folder :
        List.of("/home", "/root", "/var", "/sys", "/boot", "/opt", "/srv", "/run", "/etc/ssl")) {
      attack("see " + folder, () -> Files.exists(Path.of(folder)) ? folder : NOTHING);
    }
    for (String program : List.of("/bin/sh", "/bin/su", "/bin/mount", "/usr/bin/env")) {
      attack("find " + program, () -> Files.exists(Path.of(program)) ? program : NOTHING);
    }
    for (String folder : List.of("/", "/app", "/jdk/lib", "/usr/lib", "/dev", "/proc")) {
      attack("write to " + folder, () -> writeAndDelete(Path.of(folder, "hostile")));
    }
    for (String file :
        List.of(
            "/proc/sys/kernel/core_pattern",
            "/proc/sys/kernel/modprobe",
            "/proc/sys/vm/overcommit_memory",
            "/proc/sys/kernel/hostname",
            "/proc/sysrq-trigger",
            "/jdk/release")) {
      attack("open to write " + file, () -> openToWrite(Path.of(file)));
    }
    attack("find a secret in the environment", FileAttacks::environment);
  }

  private static void read(String file) {
    attack(
        "read " + file,
        () -> {
          try (var in = Files.newInputStream(Path.of(file))) {
            return "read " + in.read();
          }
        });
  }

  private static String throughLink(Path target) throws Exception {
    Path link = Files.createTempDirectory("hostile").resolve("link");
    Files.createSymbolicLink(link, target);
    try {
      return Files.readString(link);
    } finally {
      Files.delete(link);
      Files.delete(link.resolveSibling(""));
    }
  }

  private static String writeAndDelete(Path file) throws Exception {
    Files.writeString(file, "was here", StandardOpenOption.CREATE_NEW);
    Files.delete(file);
    return "wrote " + file;
  }

  /** Opening is enough to know; nothing is written, because it might get through. */
  private static String openToWrite(Path file) throws Exception {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return channel.isOpen() ? "opened" : NOTHING;
    }
  }

  /** Its own, and that of the process which it can see because it is its parent. */
  private static String environment() throws Exception {
    var known = Set.of("LANG", "MALLOC_ARENA_MAX", "ORT_DISABLE_TELEMETRY", "PWD");
    var names = new ArrayList<>(System.getenv().keySet());
    for (String variable : Files.readString(Path.of("/proc/1/environ")).split("\0", -1)) {
      names.add(variable.split("=", 2)[0]);
    }
    names.removeIf(name -> known.contains(name) || name.isEmpty());
    return String.join(" ", names);
  }
}
