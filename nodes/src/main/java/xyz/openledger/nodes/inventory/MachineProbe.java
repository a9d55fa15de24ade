package xyz.openledger.nodes.inventory;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import xyz.openledger.protocol.session.Inventory;

/**
 * Finds out what a machine has. Linux tells by its files; elsewhere the Java machine tells less. A
 * probe that fails leaves its field empty and adds a line; none stops the agent.
 */
public final class MachineProbe {
  private static final int TEXT_MAX = 256;
  private static final int FLAGS_MAX = 1_024;
  private static final int LINES_MAX = 64;
  private static final int FILE_BYTES_MAX = 1 << 20;

  private final Path root;
  private final List<String> degraded = new ArrayList<>();

  private MachineProbe(Path root) {
    this.root = root;
  }

  /**
   * The inventory of this machine.
   *
   * @param folder whose disk is measured
   * @param sandbox the level that workers get, and why it is not a stronger one
   */
  public static Inventory inventory(
      Path folder, String sandbox, List<String> sandboxDegraded, String agentVersion) {
    return inventory(Path.of("/"), folder, sandbox, sandboxDegraded, agentVersion);
  }

  static Inventory inventory(
      Path root, Path folder, String sandbox, List<String> sandboxDegraded, String agentVersion) {
    var probe = new MachineProbe(root);
    List<String> cpu = probe.attempt("cpu", List.of(), () -> probe.lines("proc/cpuinfo"));
    return new Inventory(
        cut(probe.os()),
        cut(System.getProperty("os.arch", "")),
        cut(probe.cpuModel(cpu)),
        flags(cpu),
        Runtime.getRuntime().availableProcessors(),
        probe.attempt("memory", 0L, MachineProbe::memoryBytes),
        probe.attempt("disk", 0L, () -> Files.getFileStore(folder).getUsableSpace()),
        probe.attempt("accelerators", List.of(), probe::accelerators),
        cut(sandbox),
        cut(agentVersion),
        Stream.concat(sandboxDegraded.stream(), probe.degraded.stream())
            .map(MachineProbe::cut)
            .limit(LINES_MAX)
            .toList());
  }

  @FunctionalInterface
  private interface Probe<T> {
    T look() throws IOException;
  }

  private <T> T attempt(String what, T otherwise, Probe<T> probe) {
    try {
      return probe.look();
    } catch (IOException | RuntimeException unreadable) {
      degraded.add(what + ": " + unreadable);
      return otherwise;
    }
  }

  private String os() {
    String kernel = System.getProperty("os.name", "") + " " + System.getProperty("os.version", "");
    Optional<String> name =
        attempt(
            "os",
            Optional.empty(),
            () ->
                value(lines("etc/os-release"), "PRETTY_NAME=").map(text -> text.replace("\"", "")));
    return name.map(pretty -> pretty + ", " + kernel).orElse(kernel);
  }

  private String cpuModel(List<String> cpu) {
    // x86 says it by name; ARM by name on boards, by number elsewhere.
    for (String key : List.of("model name", "Model", "CPU part")) {
      Optional<String> model = value(cpu, key).map(MachineProbe::afterColon);
      if (model.isPresent()) {
        return model.get();
      }
    }
    if (!cpu.isEmpty()) {
      degraded.add("cpu: no model in /proc/cpuinfo");
    }
    return "";
  }

  private static List<String> flags(List<String> cpu) {
    return Stream.of("flags", "Features")
        .flatMap(key -> value(cpu, key).stream())
        .map(MachineProbe::afterColon)
        .flatMap(line -> Stream.of(line.split(" ")))
        .filter(flag -> !flag.isBlank())
        .map(MachineProbe::cut)
        .limit(FLAGS_MAX)
        .toList();
  }

  /** Of the machine, or of the container that the agent is confined to. */
  private static long memoryBytes() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
        ? os.getTotalMemorySize()
        : 0;
  }

  private List<String> accelerators() throws IOException {
    var found = new ArrayList<String>();
    Path gpus = root.resolve("proc/driver/nvidia/gpus");
    if (Files.isDirectory(gpus)) {
      for (Path gpu : children(gpus)) {
        String model =
            value(lines(root.relativize(gpu.resolve("information")).toString()), "Model")
                .map(MachineProbe::afterColon)
                .orElse("unknown model");
        found.add("nvidia " + model);
      }
    }
    Path devices = root.resolve("dev");
    if (found.isEmpty() && Files.isDirectory(devices)) {
      for (Path device : children(devices)) {
        if (device.getFileName().toString().matches("nvidia[0-9]+")) {
          found.add("nvidia device " + device.getFileName());
        }
      }
    }
    if (Files.exists(root.resolve("dev/kfd"))) {
      found.add("amd compute device kfd");
    }
    return found.stream().map(MachineProbe::cut).limit(LINES_MAX).toList();
  }

  private static List<Path> children(Path folder) throws IOException {
    try (var children = Files.list(folder)) {
      return children.sorted().toList();
    }
  }

  private List<String> lines(String file) throws IOException {
    try (var in = Files.newInputStream(root.resolve(file))) {
      return new String(in.readNBytes(FILE_BYTES_MAX), java.nio.charset.StandardCharsets.UTF_8)
          .lines()
          .toList();
    }
  }

  private static Optional<String> value(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).strip())
        .filter(rest -> !rest.isEmpty())
        .findFirst();
  }

  private static String afterColon(String rest) {
    return rest.startsWith(":") ? rest.substring(1).strip() : rest;
  }

  private static String cut(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX);
  }
}
