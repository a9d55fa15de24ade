package xyz.openledger.nodes.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("sandbox")
class SandboxTest {
  private static final ResourceLimits LIMITS = new ResourceLimits(2L << 30, 64, 128, 1 << 20);

  @TempDir Path hostFolder;

  @Test
  void holdsAgainstAProgramThatReachesOut() throws Exception {
    var sandbox = Bubblewrapped.required().sandbox();

    var report = attack(sandbox, "files,network,processes,kernel,channels");

    assertThat(report)
        .hasSizeGreaterThanOrEqualTo(100)
        .allSatisfy(line -> assertThat(line).startsWith("held "));
  }

  @Test
  void holdsAgainstAProgramThatTakesAllItCan() throws Exception {
    var sandbox = Bubblewrapped.required().sandbox();

    var report = attack(sandbox, "exhaust");

    assertThat(report).hasSizeGreaterThan(4);
    assertThat(report)
        // The kernel's count of processes does not bind root, which then relies on its control
        // group.
        .filteredOn(
            line -> !Tool.isRoot() || UserDrop.command().isPresent() || !line.contains("threads"))
        .allSatisfy(line -> assertThat(line).startsWith("held "));
  }

  /**
   * The test of the tests: without walls the same attacks get through. They do no harm, see {@link
   * Hostile}.
   */
  @Test
  void attacksGetThroughWithoutASandbox() throws Exception {
    var bare = new PlainProcess(List::of, Optional.empty());

    var report = attack(bare, "network,processes");

    assertThat(report)
        .hasSize(10)
        .filteredOn(line -> !line.contains("connect to the world"))
        .allSatisfy(line -> assertThat(line).startsWith("ESCAPED "));
  }

  /** One wall taken down at a time: what it alone holds then gets through. */
  @ParameterizedTest
  @MethodSource("walls")
  void needsEachOfItsWalls(Wall wall) throws Exception {
    var sandbox = Bubblewrapped.required().sandbox();

    var report =
        attack(
            wall.attacks(),
            program -> {
              var command = new ArrayList<>(sandbox.command(program, LIMITS));
              wall.takeDown().accept(command, hostFolder);
              var builder = new ProcessBuilder(command);
              builder.environment().clear();
              builder.environment().putAll(Sandbox.ENVIRONMENT);
              return builder.start();
            });

    assertThat(report)
        .filteredOn(line -> line.startsWith("ESCAPED "))
        .extracting(line -> line.substring("ESCAPED ".length(), line.indexOf(": ")))
        .containsAll(wall.fallen());
  }

  /**
   * Something that stands between a program and the host.
   *
   * @param takeDown what a command without it is
   * @param attacks which to try
   * @param fallen those that must then get through
   */
  record Wall(
      String name, BiConsumer<List<String>, Path> takeDown, String attacks, List<String> fallen) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Wall> walls() {
    return List.of(
        new Wall(
            "the filter of system calls",
            (command, _) -> remove(command, "--seccomp", 2),
            "kernel,channels",
            List.of("call socket", "call personality", "call kcmp", "run without a filter")),
        new Wall(
            "the network of its own",
            (command, _) -> {
              remove(command, "--seccomp", 2);
              remove(command, "--unshare-all", 1);
              command.addAll(
                  command.indexOf("--cap-drop"),
                  List.of("--unshare-ipc", "--unshare-pid", "--unshare-uts"));
            },
            "network",
            List.of("connect to the host", "open a server", "send a datagram")),
        new Wall(
            "the read-only root",
            (command, _) -> remove(command, "--remount-ro", 2),
            "files",
            List.of("write to /")),
        new Wall(
            "the files of its own",
            (command, host) ->
                command.addAll(command.indexOf("--chdir"), List.of("--bind", "" + host, "" + host)),
            "files,channels",
            List.of(
                "read the key by a link",
                "leave a message in the host's folder",
                "climb out by dots",
                "see a mount of the host")),
        new Wall(
            "the name of its own",
            (command, _) -> remove(command, "--hostname", 2),
            "channels",
            List.of("see the host's name")),
        new Wall(
            "the limit of open files",
            (command, _) -> remove(command, "--nofile=128", 1),
            "exhaust",
            List.of("open many files")),
        new Wall(
            "the size of its folder",
            (command, _) -> {
              remove(command, "--size", 2);
              remove(command, "--fsize=" + (1 << 20), 1);
            },
            "exhaust",
            List.of("fill the disk with one file", "fill the disk with many files")));
  }

  private static void remove(List<String> command, String first, int words) {
    int at = command.indexOf(first);
    assertThat(at).as(first).isNotNegative();
    command.subList(at, at + words).clear();
  }

  @Test
  void endsWithTheProgramThatStartedIt() throws Exception {
    var sandbox = Bubblewrapped.required().sandbox();
    try (var classPath = ClassPath.holding(Hostile.class)) {
      Process process = sandbox.start(program(classPath, "wait"), LIMITS, ControlGroup.none());
      assertThat(process.inputReader().readLine()).isEqualTo("waiting");
      var inside = process.descendants().toList();

      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

      assertThat(inside).isNotEmpty();
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(inside).noneMatch(ProcessHandle::isAlive));
    }
  }

  @Test
  void probesWhatItOffers() {
    var choice = Sandbox.strongest();

    assertThat(SandboxChoice.failure(choice.sandbox())).isEmpty();
    assertThat(choice.degraded().isEmpty())
        .isEqualTo(
            choice.sandbox().level() == Sandbox.Level.BUBBLEWRAP
                && (!Tool.isRoot() || UserDrop.command().isPresent()));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void degradesWithAReasonWhenASandboxDoesNotWork(Bubblewrap broken) {
    var choice = SandboxChoice.probe(List.of(broken, PlainProcess.here()));

    assertThat(choice.sandbox().level()).isEqualTo(Sandbox.Level.PROCESS);
    assertThat(choice.degraded())
        .singleElement()
        .asString()
        .startsWith("bubblewrap does not work here: ");
  }

  static List<Bubblewrap> broken() {
    return List.of(
        new Bubblewrap(Path.of("/nowhere/bwrap"), List.of()),
        new Bubblewrap(Path.of("/bin/false"), List.of()),
        // Runs the program without any wall, which only the program itself can tell.
        new Bubblewrap(Path.of("/bin/true"), List.of("/bin/sh", "-c", "exit 3")));
  }

  @Test
  void saysHowToGetTheStrongerSandbox() {
    var choice = SandboxChoice.probe(List.of(PlainProcess.here()));

    assertThat(choice.degraded()).singleElement().asString().contains("apt-get install bubblewrap");
  }

  private List<String> attack(Sandbox sandbox, String attacks) throws Exception {
    return attack(attacks, program -> sandbox.start(program, LIMITS, ControlGroup.none()));
  }

  private interface Start {
    Process of(JavaProgram program) throws Exception;
  }

  private List<String> attack(String attacks, Start start) throws Exception {
    Path key = Files.writeString(hostFolder.resolve("key.pem"), "secret");
    // Open to everyone, so that only the sandbox stands between.
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-rw-rw-"));
    Files.setPosixFilePermissions(hostFolder, PosixFilePermissions.fromString("rwxrwxrwx"));
    // A process to be seen and killed in the host's stead.
    Process decoy = new ProcessBuilder("sleep", "60").start();
    try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var local = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        var classPath = ClassPath.holding(Hostile.class)) {
      local.bind(UnixDomainSocketAddress.of(hostFolder.resolve("socket")));
      var program =
          program(
              classPath,
              attacks,
              hostFolder.toString(),
              "" + server.getLocalPort(),
              "" + decoy.pid());
      return report(start.of(program));
    } finally {
      decoy.destroyForcibly();
    }
  }

  private static JavaProgram program(ClassPath classPath, String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    while (all.size() < 4) {
      all.add("0");
    }
    return new JavaProgram(
        classPath,
        List.of(
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-XX:ReservedCodeCacheSize=32m",
            "-XX:CompressedClassSpaceSize=32m",
            "-Xlog:disable",
            "--enable-native-access=ALL-UNNAMED"),
        Hostile.class.getName(),
        all);
  }

  private static List<String> report(Process process) throws Exception {
    process.getOutputStream().close();
    var report =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    var complaints = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(complaints).isZero();
    return report;
  }
}
