package xyz.openledger.nodes.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/**
 * The sandbox that this machine gives, and why it is not a stronger one.
 *
 * @param degraded one sentence for each stronger candidate that failed its probe, and one for a
 *     wall that this machine lacks; empty at the strongest
 */
public record SandboxChoice(Sandbox sandbox, List<String> degraded) {
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(20);
  private static final int REASON_MAX_CHARACTERS = 500;
  private static final ResourceLimits PROBE_LIMITS =
      new ResourceLimits(4L << 30, 100, 256, 1 << 20);

  public SandboxChoice {
    degraded = List.copyOf(degraded);
  }

  /**
   * The first of {@code candidates} whose probe succeeds; the last without one, since something
   * must be last.
   */
  static SandboxChoice probe(List<Sandbox> candidates) {
    var degraded = new ArrayList<String>();
    if (candidates.stream().noneMatch(Bubblewrap.class::isInstance)) {
      degraded.add("bubblewrap is not installed: apt-get install bubblewrap");
    }
    for (Sandbox candidate : candidates.subList(0, candidates.size() - 1)) {
      Optional<String> failure = failure(candidate);
      if (failure.isEmpty()) {
        candidate.gap().ifPresent(degraded::add);
        return new SandboxChoice(candidate, degraded);
      }
      degraded.add(candidate.level().label() + " does not work here: " + failure.get());
    }
    return new SandboxChoice(candidates.getLast(), degraded);
  }

  /**
   * That one, which somebody chose, and no weaker one.
   *
   * @throws ProblemException {@code sandbox-failed} with the walls that do not hold
   */
  public static SandboxChoice required(Sandbox sandbox) {
    failure(sandbox)
        .ifPresent(
            why -> {
              throw new ProblemException(
                  Problem.SANDBOX_FAILED,
                  "sandbox",
                  sandbox.level().label() + " does not work here: " + why);
            });
    return new SandboxChoice(sandbox, sandbox.gap().stream().toList());
  }

  /** Runs the probe; empty if every wall it tried held. */
  static Optional<String> failure(Sandbox sandbox) {
    try (var classPath = ClassPath.holding(SandboxProbe.class)) {
      var program =
          new JavaProgram(
              classPath,
              List.of("-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"),
              SandboxProbe.class.getName(),
              List.of(sandbox.level().name()));
      Process process = sandbox.start(program, PROBE_LIMITS, ControlGroup.none());
      return outcome(process, PROBE_TIMEOUT.plus(sandbox.startTimeout()));
    } catch (IOException | UncheckedIOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  private static Optional<String> outcome(Process process, Duration timeout)
      throws IOException, InterruptedException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return Optional.of("the probe did not end in " + timeout.toSeconds() + " s");
      }
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() == 0) {
      return Optional.empty();
    }
    byte[] complaint = process.getErrorStream().readNBytes(REASON_MAX_CHARACTERS);
    return Optional.of(
        "exit code %d, %s"
            .formatted(process.exitValue(), new String(complaint, StandardCharsets.UTF_8).strip()));
  }
}
