package xyz.openledger.cluster.planted;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whether the tests would notice. Plants each of {@link PlantedBugs} and requires that the tests it
 * names go red; and that without it they are green, so that red means the bug.
 *
 * <p>A seed chooses every second of them (the day, unless {@code -Dseed=N} is given), and of the
 * others it is looked only whether they could be planted; {@code -Dthorough=true} plants them all.
 */
class PlantedBugsTest {
  private static final int MINUTES_MAX = 12;
  private static final boolean THOROUGH = Boolean.getBoolean("thorough");
  private static final long SEED =
      Long.getLong("seed", Long.getLong("run.seed", LocalDate.now().toEpochDay()));

  private static final Map<String, Verdict> VERDICTS = new HashMap<>();

  @TempDir private static Path folder;

  @BeforeAll
  static void runThemAll() throws Exception {
    Path project = Path.of("..").toRealPath();
    var runs = new ArrayList<Run>();
    for (PlantedBug control : controls().toList()) {
      runs.add(
          new Run(
              "without: " + control.tests(), classPath(project, control), names(control.tests())));
    }
    try (var garden = new Garden(project)) {
      for (PlantedBug bug : PlantedBugs.ALL) {
        garden.wrong(bug);
      }
      for (PlantedBug bug : bugs().toList()) {
        Path planted = Files.createTempDirectory(folder, "bug");
        garden.plant(bug, planted);
        var classPath = new ArrayList<>(List.of(planted));
        classPath.addAll(classPath(project, bug));
        runs.add(new Run(bug.name(), classPath, names(bug.tests())));
      }
    }
    run(runs);
  }

  static Stream<PlantedBug> bugs() {
    return IntStream.range(0, PlantedBugs.ALL.size())
        .filter(index -> THOROUGH || (index & 1) == (SEED & 1))
        .mapToObj(PlantedBugs.ALL::get);
  }

  /** One of the bugs for each distinct set of tests. */
  static Stream<PlantedBug> controls() {
    var first = new HashMap<List<String>, PlantedBug>();
    bugs().forEach(bug -> first.putIfAbsent(bug.tests(), bug));
    return bugs().filter(bug -> first.get(bug.tests()) == bug);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bugs")
  void isNoticed(PlantedBug bug) {
    Verdict verdict = VERDICTS.get(bug.name());

    assertThat(verdict).as("a verdict on '%s'", bug).isNotNull();
    assertThat(verdict.broken()).as("classes do not fit: %s", verdict.detail()).isFalse();
    assertThat(verdict.failed()).as("failures of %s with '%s'", bug.tests(), bug).isPositive();
  }

  @ParameterizedTest(name = "tests that notice: {0}")
  @MethodSource("controls")
  void areGreenWithoutIt(PlantedBug bug) {
    Verdict verdict = VERDICTS.get("without: " + bug.tests());

    assertThat(verdict).as("a verdict on %s", bug.tests()).isNotNull();
    assertThat(verdict.failed()).as(verdict.detail()).isZero();
    assertThat(verdict.passed()).isPositive();
  }

  private static List<String> names(List<String> tests) {
    return tests.stream().map(test -> "xyz.openledger." + test).toList();
  }

  /** The tests of that module, and the product. */
  private static List<Path> classPath(Path project, PlantedBug bug) {
    Path tests = project.resolve(bug.testModule()).resolve("target/test-classes");
    assertThat(tests).as("compiled tests").isDirectory();
    var classPath = new ArrayList<>(List.of(tests));
    Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().normalize())
        .filter(entry -> entry.startsWith(project))
        .forEach(classPath::add);
    return classPath;
  }

  private static void run(List<Run> runs) throws IOException, InterruptedException {
    Path asked = Files.write(folder.resolve("runs"), runs.stream().map(Run::line).toList());
    Path answered = folder.resolve("verdicts");
    Path log = folder.resolve("log");
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-XX:+UseCompactObjectHeaders",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx768m",
            "-cp",
            System.getProperty("java.class.path"),
            PlantedRuns.class.getName(),
            asked.toString(),
            answered.toString()));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(MINUTES_MAX, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    if (Files.exists(answered)) {
      Files.readAllLines(answered).stream()
          .map(Verdict::parse)
          .forEach(verdict -> VERDICTS.put(verdict.run(), verdict));
      // Which test noticed what, for people.
      Files.copy(answered, Path.of("target/planted-bugs.tsv"), REPLACE_EXISTING);
    }
    assertThat(VERDICTS).as("verdicts; %s", Files.readString(log)).hasSameSizeAs(runs);
  }
}
