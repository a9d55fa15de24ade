package xyz.openledger.nodes.sandbox;

import static xyz.openledger.nodes.sandbox.Hostile.NOTHING;
import static xyz.openledger.nodes.sandbox.Hostile.attack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Ways to leave something for others, to reach them, or to be more than nobody. */
final class ChannelAttacks {
  /** Where a descriptor may lead: what is inside anyway, and the three pipes. */
  private static final List<String> INSIDE =
      List.of(
          "pipe:", "/jdk/", "/app", "/usr/lib", "/lib", "/dev/", "/proc/", "/tmp/", "anon_inode:");

  /** What nobody has, as the kernel lists it. */
  private static final Set<String> CAPABILITIES = Set.of("CapInh", "CapPrm", "CapEff", "CapAmb");

  private ChannelAttacks() {}

  static void on(Hostile.Host host) {
    for (String folder :
        List.of(
            "/dev/shm", "/dev/mqueue", "/var/tmp", "/run/lock", "/run/user", "/mnt", "/media")) {
      attack("leave a message in " + folder, () -> leave(Path.of(folder)));
    }
    attack("leave a message in the host's folder", () -> leave(host.folder()));
    attack("tie a hard link to the host's key", () -> hardLink(host.folder().resolve("key.pem")));
    attack(
        "climb out by dots",
        () -> Files.readString(Path.of("/tmp/../../../.." + host.folder() + "/key.pem")));
    attack("inherit a descriptor", ChannelAttacks::descriptors);
    attack("see a mount of the host", () -> mountsOf(host.folder()));
    attack(
        "see the host's name",
        () ->
            Files.readString(Path.of("/proc/sys/kernel/hostname")).strip().equals("sandbox")
                ? NOTHING
                : "another");
    attack("see a network device", ChannelAttacks::devices);
    attack(
        "see the host's routes",
        () -> Files.readAllLines(Path.of("/proc/net/route")).size() > 1 ? "routes" : NOTHING);
    attack("hold a capability", () -> status(CAPABILITIES, "0000000000000000"));
    attack("gain privileges by a program", () -> status(Set.of("NoNewPrivs"), "1"));
    attack("run without a filter", () -> status(Set.of("Seccomp"), "2"));
    attack("be root", () -> status(Set.of("Uid"), "65534\t65534\t65534\t65534"));
    attack(
        "look into the first process's memory",
        () -> "read " + Files.newInputStream(Path.of("/proc/1/mem")).read());
    attack(
        "look through the first process's folder",
        () -> Files.exists(Path.of("/proc/1/cwd" + host.folder())) ? "there" : NOTHING);
    attack(
        "signal the decoy",
        () ->
            Files.exists(Path.of("/proc/" + host.process() + "/status")) ? "can be seen" : NOTHING);
    attack("change its own control group", ChannelAttacks::joinGroup);
    attack("make itself hard to kill", () -> write("/proc/self/oom_score_adj", "-1000"));
    attack("map its users anew", () -> write("/proc/self/uid_map", "0 0 1"));
    attack("see the kernel's symbols", ChannelAttacks::symbols);
    attack(
        "read the host's keys",
        () -> Files.readString(Path.of("/proc/keys")).isBlank() ? NOTHING : "keys");
  }

  private static String leave(Path folder) throws IOException {
    Path file = folder.resolve("hostile-message");
    Files.writeString(file, "was here");
    Files.delete(file);
    return "wrote " + file;
  }

  private static String hardLink(Path target) throws IOException {
    Path link = Path.of("/tmp/hard-link");
    Files.createLink(link, target);
    Files.delete(link);
    return "linked";
  }

  /** Whatever this process did not open itself leads out. */
  private static String descriptors() throws IOException {
    var leading = new TreeSet<String>();
    try (Stream<Path> own = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : own.toList()) {
        try {
          String target = Files.readSymbolicLink(descriptor).toString();
          if (INSIDE.stream().noneMatch(target::startsWith)) {
            leading.add(target);
          }
        } catch (IOException closed) {
          // The one by which the folder was listed.
        }
      }
    }
    return String.join(" ", leading);
  }

  private static String mountsOf(Path folder) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .filter(line -> line.split(" ", 6)[4].startsWith(folder.toString()))
        .findAny()
        .orElse(NOTHING);
  }

  private static String devices() throws IOException {
    var found = new TreeSet<String>();
    for (String line : Files.readAllLines(Path.of("/proc/net/dev"))) {
      if (line.contains(":")) {
        found.add(line.substring(0, line.indexOf(':')).strip());
      }
    }
    found.remove("lo");
    return String.join(" ", found);
  }

  private static String status(Set<String> names, String wanted) throws IOException {
    var others = new TreeSet<String>();
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      String[] parts = line.split(":\t", 2);
      if (names.contains(parts[0]) && !parts[1].strip().equals(wanted)) {
        others.add(line);
      }
    }
    return String.join(" ", others);
  }

  private static String joinGroup() throws IOException {
    for (String place :
        List.of("/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/pids/cgroup.procs")) {
      if (Files.exists(Path.of(place))) {
        return "sees " + place;
      }
    }
    return NOTHING;
  }

  private static String write(String file, String text) throws IOException {
    Files.writeString(Path.of(file), text);
    return "wrote " + file;
  }

  /** Without powers the kernel shows every address as zero. */
  private static String symbols() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/kallsyms"))) {
      return lines.limit(100).allMatch(line -> line.startsWith("0000000000000000"))
          ? NOTHING
          : "addresses";
    }
  }
}
