package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.util.Optional;
import xyz.openledger.nodes.sandbox.ControlGroup;
import xyz.openledger.nodes.sandbox.Sandbox;

/**
 * How workers are kept to what they may use of the machine.
 *
 * @param kind {@code container}: the cluster enforces what is said with the pod; {@code cgroup-v1}
 *     or {@code cgroup-v2}: the kernel enforces CPU, memory and process count; {@code duty-cycle}:
 *     the worker rests between tasks, by its own will; {@code none}: nothing was asked that the
 *     Java machine and resource limits do not give
 * @param degraded why it is not the kernel; empty if it is
 */
public record CpuShare(String kind, Optional<String> degraded, ControlGroup.Limits limits) {
  private static final String DUTY_CYCLE = "duty-cycle";
  private static final String CONTAINER = "container";
  private static final int PROCESSES_MAX = 128;

  /** The strongest that this machine, or whoever runs the workers, allows; found by trying. */
  static CpuShare strongest(PoolProgram program, WorkerSettings settings, Sandbox.Level level) {
    var limits =
        new ControlGroup.Limits(
            settings.cpuPercent(), program.residentMaxBytes(settings), PROCESSES_MAX);
    if (level == Sandbox.Level.CONTAINER) {
      return new CpuShare(CONTAINER, Optional.empty(), limits);
    }
    try (var group = ControlGroup.create(limits)) {
      return new CpuShare(group.kind(), Optional.empty(), limits);
    } catch (IOException e) {
      String kind = settings.cpuPercent() < 100 ? DUTY_CYCLE : "none";
      return new CpuShare(kind, Optional.of(String.valueOf(e.getMessage())), limits);
    }
  }

  /** A group for one worker, or none if the kernel does not help. */
  ControlGroup group() throws IOException {
    return kind.startsWith("cgroup") ? ControlGroup.create(limits) : ControlGroup.elsewhere(limits);
  }

  /** The share that the worker has to keep by itself. */
  int dutyPercent() {
    return kind.equals(DUTY_CYCLE) ? limits.cpuPercent() : 100;
  }
}
