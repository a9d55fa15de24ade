package xyz.openledger.actors.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xyz.openledger.actors.journal.Stores.all;
import static xyz.openledger.actors.journal.Stores.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process writes for several actors and says what was acknowledged, until it is killed at a
 * moment drawn from a seed. Whatever it said is found afterwards, whole and in order.
 */
class CrashTest {
  private static final int KILLS = Boolean.getBoolean("thorough") ? 50 : 4;

  @TempDir private Path directory;

  @Test
  void whateverWasAcknowledgedIsFoundAfterKill9() throws Exception {
    long seed = Long.getLong("seed", Long.getLong("run.seed", System.nanoTime()));
    var random = new SplittableRandom(seed);
    var acknowledged = new HashMap<String, Long>();
    for (int kill = 0; kill < KILLS; kill++) {
      runUntilKilled(acknowledged, random.nextInt(5, 400));

      try (var store = EventStore.open(settings(directory))) {
        check(store, acknowledged, seed);
      }
    }
    assertThat(acknowledged).as("seed %d", seed).isNotEmpty();
  }

  @Test
  void noSecondProcessOpensTheDirectory() throws Exception {
    var process = start();
    try (var lines = process.inputReader()) {
      assertThat(lines.readLine()).isNotNull();

      assertThatThrownBy(() -> EventStore.open(settings(directory)))
          .isInstanceOf(JournalException.Unusable.class)
          .hasMessageContaining("another process holds its LOCK");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private void runUntilKilled(Map<String, Long> acknowledged, int linesBeforeKill)
      throws Exception {
    var process = start();
    try (var lines = process.inputReader()) {
      int count = 0;
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        int space = line.indexOf(' ');
        acknowledged.put(line.substring(0, space), Long.valueOf(line.substring(space + 1)));
        if (++count == linesBeforeKill) {
          process.toHandle().destroyForcibly(); // the pipe stays open: what was said is read
        }
      }
      assertThat(count).as("lines of the child").isGreaterThanOrEqualTo(linesBeforeKill);
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(137);
  }

  private Process start() throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            CrashingWriter.class.getName(),
            directory.toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static void check(EventStore store, Map<String, Long> acknowledged, long seed) {
    long events = 0;
    for (var actor : CrashingWriter.ACTORS) {
      var found = all(store.eventsOf(actor, 1, Long.MAX_VALUE));
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i).sequenceNumber()).as("seed %d", seed).isEqualTo(i + 1L);
        assertThat(Stores.text(found.get(i))).isEqualTo(CrashingWriter.text(actor, i + 1L));
      }
      assertThat((long) found.size())
          .as("events of %s, seed %d", actor, seed)
          .isGreaterThanOrEqualTo(acknowledged.getOrDefault(actor, 0L));
      events += found.size();
    }
    var tagged = all(store.eventsTagged("all", 0, Long.MAX_VALUE));
    assertThat(tagged).as("seed %d", seed).hasSize((int) events);
    assertThat(store.lastOffset()).isEqualTo(events);
    assertThat(JournalCheck.of(store)).isEqualTo(new JournalCheck(events, events, events));
  }

  /** The process that is killed. */
  static final class CrashingWriter {
    static final List<String> ACTORS = Stores.names(4);

    private CrashingWriter() {}

    static String text(String actor, long number) {
      return actor + " " + number + "x".repeat((int) (number % 700));
    }

    /** Writes until it is killed. A line {@code actor number} follows each acknowledgement. */
    public static void main(String[] arguments) {
      var store = EventStore.open(settings(Path.of(arguments[0])));
      for (var actor : ACTORS) {
        Thread.ofPlatform().start(() -> write(store, actor));
      }
    }

    private static void write(EventStore store, String actor) {
      long number = store.highestSequenceNumber(actor);
      while (true) {
        var batch = new ArrayList<NewEvent>();
        for (int i = 0; i < 3; i++) {
          number++;
          batch.add(Stores.event(number, text(actor, number), "all"));
        }
        Stores.done(store.append(actor, batch));
        synchronized (CrashingWriter.class) {
          System.out.print(actor + " " + number + "\n");
          System.out.flush();
        }
      }
    }
  }
}
