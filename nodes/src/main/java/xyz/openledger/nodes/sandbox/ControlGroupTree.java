package xyz.openledger.nodes.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where this process stands among the machine's control groups: the folder of its own group, for
 * each controller.
 *
 * @param folders by controller; under version 2 the one folder has the empty name
 */
record ControlGroupTree(Version version, Map<String, Path> folders) {
  enum Version {
    V1,
    V2
  }

  private static final List<String> CONTROLLERS = List.of("cpu", "memory", "pids");

  /**
   * Reads {@code mountinfo} and {@code cgroup} of a process's folder.
   *
   * @throws IOException if neither version is there with the controllers that matter
   */
  static ControlGroupTree read(Path process) throws IOException {
    var mounts = mounts(process.resolve("mountinfo"));
    var groups = groups(process.resolve("cgroup"));
    var v1 = new HashMap<String, Path>();
    for (String controller : CONTROLLERS) {
      Path mount = mounts.get(controller);
      if (mount != null) {
        v1.put(controller, below(mount, groups.getOrDefault(controller, "/")));
      }
    }
    if (v1.size() == CONTROLLERS.size()) {
      return new ControlGroupTree(Version.V1, Map.copyOf(v1));
    }
    Path unified = mounts.get("");
    if (unified == null) {
      throw new IOException("this machine has no control groups for cpu, memory and processes");
    }
    return new ControlGroupTree(
        Version.V2, Map.of("", delegated(below(unified, groups.getOrDefault("", "/")))));
  }

  /** The folder of our own group for {@code controller}, in which we may make one. */
  Path folder(String controller) throws IOException {
    Path folder = folders.get(controller);
    if (folder == null || !Files.isWritable(folder)) {
      throw new IOException(
          "no permission to make a control group in %s: run as root, or under systemd with Delegate=yes"
              .formatted(folder));
    }
    return folder;
  }

  /**
   * Under version 2 a group with processes has no controlled children, so a delegated service runs
   * in a group {@code agent} of its own (systemd: {@code DelegateSubgroup=agent}) and its workers
   * beside that.
   */
  private static Path delegated(Path own) {
    Path name = own.getFileName();
    return name != null && name.toString().equals("agent") ? own.resolveSibling("") : own;
  }

  /** A container may see its own group as the root of the mount. */
  private static Path below(Path mount, String group) {
    Path own = mount.resolve(group.substring(1));
    return Files.isDirectory(own) ? own : mount;
  }

  /** Mount points by controller; the unified tree by the empty name. */
  private static Map<String, Path> mounts(Path mountinfo) throws IOException {
    var mounts = new HashMap<String, Path>();
    for (String line : Files.readAllLines(mountinfo)) {
      String[] halves = line.split(" - ", 2);
      if (halves.length < 2) {
        continue;
      }
      String[] system = halves[1].split(" ", -1);
      Path place = Path.of(halves[0].split(" ", -1)[4]);
      switch (system[0]) {
        case "cgroup" ->
            Arrays.stream(system[2].split(",", -1))
                .filter(CONTROLLERS::contains)
                .forEach(controller -> mounts.putIfAbsent(controller, place));
        case "cgroup2" -> mounts.putIfAbsent("", place);
        default -> {}
      }
    }
    return mounts;
  }

  /** Our own group by controller, from lines such as {@code 4:cpu,cpuacct:/user}. */
  private static Map<String, String> groups(Path cgroup) throws IOException {
    var groups = new HashMap<String, String>();
    for (String line : Files.readAllLines(cgroup)) {
      String[] parts = line.split(":", 3);
      for (String controller : parts[1].split(",", -1)) {
        groups.put(controller, parts[2]);
      }
    }
    return groups;
  }
}
