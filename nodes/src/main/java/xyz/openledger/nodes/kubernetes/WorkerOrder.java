package xyz.openledger.nodes.kubernetes;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;

/**
 * One worker to be started in a pod.
 *
 * @param agent whose worker it is; any text, of which only a digest is shown to the cluster
 * @param run tells this life of the agent from its earlier ones, whose workers are orphans
 * @param number of the worker in this life; the three together name its Job, so that asking twice
 *     makes one
 * @param command the program and its arguments, as it is to see them
 * @param cpuPercent of one core
 * @param memoryMaxBytes of the program; its {@code /tmp} comes on top
 * @param temporaryMaxBytes of its {@code /tmp}, which is in memory
 * @param lifeMax after which the cluster ends it, whatever became of the agent
 * @param owner the pod that the agent runs in, where that is of the same namespace: the cluster
 *     clears the worker away with it
 */
record WorkerOrder(
    PodSettings settings,
    String agent,
    String run,
    int number,
    List<String> command,
    int cpuPercent,
    long memoryMaxBytes,
    long temporaryMaxBytes,
    Duration lifeMax,
    @Nullable Owner owner) {
  private static final int TEXT_MAX = 256;
  private static final int WORDS_MAX = 128;
  private static final int WORD_MAX = 4_096;
  private static final int CPU_PERCENT_MAX = 102_400;
  private static final long MEMORY_BYTES_MAX = 1L << 42;
  private static final long LIFE_SECONDS_MAX = Duration.ofDays(7).toSeconds();

  /** A pod by name and by the id that no later pod of that name has. */
  record Owner(String name, String uid) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][-.a-z0-9]{0,252}");
    private static final Pattern UID = Pattern.compile("[0-9a-f-]{36}");

    /** Checks the forms. */
    Owner {
      if (!NAME.matcher(name).matches()) {
        throw Check.refusal("owner.name", "must be the name of a pod");
      }
      if (!UID.matcher(uid).matches()) {
        throw Check.refusal("owner.uid", "must be the UID of a pod");
      }
    }
  }

  /** Checks the ranges; keeps its own copy. */
  WorkerOrder {
    Check.text("agent", agent, TEXT_MAX);
    Check.text("run", run, TEXT_MAX);
    Check.range("number", number, 0, Integer.MAX_VALUE);
    command = List.copyOf(Check.size("command", command, 1, WORDS_MAX));
    command.forEach(WorkerOrder::checkWord);
    Check.range("cpuPercent", cpuPercent, 1, CPU_PERCENT_MAX);
    Check.range("memoryMaxBytes", memoryMaxBytes, 1 << 20, MEMORY_BYTES_MAX);
    Check.range("temporaryMaxBytes", temporaryMaxBytes, 1, MEMORY_BYTES_MAX);
    Check.range("lifeMax", lifeMax.toSeconds(), 1, LIFE_SECONDS_MAX);
  }

  private static void checkWord(String word) {
    Check.text("command", word, WORD_MAX);
    boolean printable = word.chars().noneMatch(letter -> letter < ' ');
    if (!printable || !StandardCharsets.UTF_8.newEncoder().canEncode(word)) {
      throw Check.refusal("command", "must be text without control characters");
    }
  }
}
