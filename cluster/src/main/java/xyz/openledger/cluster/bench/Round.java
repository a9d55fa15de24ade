package xyz.openledger.cluster.bench;

/**
 * One lot of jobs at full load.
 *
 * @param settled of them; equal to {@code jobs}, or the bench has failed
 * @param cpuSeconds of the whole process tree, driver and nodes included
 * @param writtenBytes to the disk, as the kernel counts them
 */
public record Round(
    int jobs, int replicas, int settled, double wallSeconds, double cpuSeconds, long writtenBytes) {

  /** The figure that a busy machine disturbs least. */
  public double jobsPerCpuSecond() {
    return Rounded.to2(settled / cpuSeconds);
  }

  /** What the clock on the wall says. */
  public double jobsPerSecond() {
    return Rounded.to2(settled / wallSeconds);
  }

  /** The price of one. */
  public double cpuMillisPerJob() {
    return Rounded.to4(1_000 * cpuSeconds / settled);
  }
}
