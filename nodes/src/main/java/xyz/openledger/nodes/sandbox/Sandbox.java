package xyz.openledger.nodes.sandbox;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A way to start a Java program so that it can do little besides reading its input and writing its
 * output.
 */
public sealed interface Sandbox permits Container, Bubblewrap, PlainProcess {

  /** How far a program is kept apart, strongest first. */
  enum Level {
    /**
     * A pod of its own in a cluster, run by a runtime that was chosen for such work: another kernel
     * than the machine's, no network, no file of the agent's machine.
     */
    CONTAINER("container"),
    /**
     * Namespaces of its own: no network, no foreign process, a read-only root with nothing of the
     * host's data.
     */
    BUBBLEWRAP("bubblewrap"),
    /**
     * A process of its own with resource limits. It sees the files and the network that its user
     * sees.
     */
    PROCESS("process");

    private final String label;

    Level(String label) {
      this.label = label;
    }

    /** As the node's inventory says it. */
    public String label() {
      return label;
    }
  }

  /**
   * All that a program's environment holds. One arena: glibc reserves 64 MiB of addresses for each
   * further one, which a limit on the address space would count. And no reports to the maker of
   * ONNX Runtime, who collects them unless told not to; what collects them ends the process where
   * the command line is longer than 4 KiB or there is no /etc.
   */
  Map<String, String> ENVIRONMENT =
      Map.of("LANG", "C.UTF-8", "MALLOC_ARENA_MAX", "1", "ORT_DISABLE_TELEMETRY", "1");

  /** How far this one keeps a program apart. */
  Level level();

  /** How long a program may take to start. */
  default Duration startTimeout() {
    return Duration.ofSeconds(30);
  }

  /** How long a program may live before whoever runs it ends it: here for ever. */
  default Duration lifeMax() {
    return Duration.ofDays(36_500);
  }

  /** What it does not hold on this machine, though its probe succeeds. */
  default Optional<String> gap() {
    return Optional.empty();
  }

  /** The command that starts {@code program} under {@code limits}. */
  List<String> command(JavaProgram program, ResourceLimits limits);

  /**
   * Starts {@code program} with next to no environment and pipes for its three streams.
   *
   * @param group joined before anything else happens, so that nothing escapes its limits
   * @throws IOException if the command cannot be started
   */
  default Process start(JavaProgram program, ResourceLimits limits, ControlGroup group)
      throws IOException {
    var command = new ArrayList<>(group.joining());
    command.addAll(command(program, limits));
    var builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(ENVIRONMENT);
    return Launcher.start(builder);
  }

  /**
   * Tries the levels from the strongest down, each by really running a program in it that checks
   * its walls from the inside, and takes the first that holds.
   */
  static SandboxChoice strongest() {
    return SandboxChoice.probe(candidates());
  }

  private static List<Sandbox> candidates() {
    var candidates = new ArrayList<Sandbox>();
    Tool.find("bwrap")
        .ifPresent(
            bwrap -> {
              Bubblewrap.unprivileged(bwrap).ifPresent(candidates::add);
              candidates.add(Bubblewrap.of(bwrap));
            });
    candidates.add(PlainProcess.here());
    return candidates;
  }

  /**
   * Starts processes from one thread that never ends: Linux kills a child that dies with its parent
   * as soon as the <em>thread</em> that started it is gone.
   */
  final class Launcher {
    private static final ExecutorService THREAD =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("sandbox-launcher").factory());

    private Launcher() {}

    private static Process start(ProcessBuilder builder) throws IOException {
      try {
        return THREAD.submit(builder::start).get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while starting " + builder.command().getFirst(), e);
      } catch (ExecutionException e) {
        throw new IOException("cannot start " + builder.command().getFirst(), e.getCause());
      }
    }
  }
}
