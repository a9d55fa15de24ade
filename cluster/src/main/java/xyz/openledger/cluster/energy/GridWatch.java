package xyz.openledger.cluster.energy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.pools.energy.GridIntensity;
import xyz.openledger.pools.energy.YearlyAverages;

/**
 * Grid intensities for a member: answers at once from memory, on any thread, and looks after its
 * sources on a thread of its own.
 *
 * <pre>
 *   at(zone, hour) ──▶ the service ──▶ the file ──▶ the yearly averages
 *                      asked for zones that     read again
 *                      somebody wanted          when it changes
 * </pre>
 *
 * <p>A source that fails keeps what it gave last, until that is too old; the log says why.
 */
public final class GridWatch implements GridIntensity, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GridWatch.class);
  private static final int ZONES_MAX = 200;
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private final @Nullable HttpGrid service;
  private final @Nullable Path file;
  private final Clock clock;
  private final GridIntensity averages = new YearlyAverages();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("grid-watch").factory());
  private final Map<String, Boolean> wanted = new ConcurrentHashMap<>();
  private volatile @Nullable GridIntensity read;
  private @Nullable FileTime readOf;
  private long readBytes;
  private volatile String fileComplaint = "";
  private volatile String serviceComplaint = "";

  private GridWatch(@Nullable HttpGrid service, @Nullable Path file, Clock clock) {
    this.service = service;
    this.file = file;
    this.clock = clock;
  }

  /**
   * Begins to watch.
   *
   * @param service absent for none
   * @param file absent for none
   * @param every how often the sources are looked after
   * @throws GridUnavailable if there is a file and it is wrong: better told now than missed later
   */
  public static GridWatch start(
      @Nullable HttpGrid service, @Nullable Path file, Duration every, Clock clock)
      throws IOException {
    var watch = new GridWatch(service, file, clock);
    if (file != null) {
      watch.readFile(file);
    }
    var _ =
        watch.thread.scheduleWithFixedDelay(
            watch::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    return watch;
  }

  @Override
  public Optional<Reading> at(String zone, long epochHour) {
    if (service != null && wanted.size() < ZONES_MAX && wanted.putIfAbsent(zone, true) == null) {
      // Not in this hour's turn, but soon: nobody has asked for that zone before.
      thread.execute(this::askService);
    }
    Optional<Reading> now = service == null ? Optional.empty() : service.known(zone, epochHour);
    GridIntensity kept = read;
    if (now.isEmpty() && kept != null) {
      now = kept.at(zone, epochHour);
    }
    return now.isPresent() ? now : averages.at(zone, epochHour);
  }

  /** What is wrong with a source just now, for people; empty if nothing is. */
  public String complaint() {
    return fileComplaint.isEmpty() ? serviceComplaint : fileComplaint;
  }

  private void look() {
    if (file != null) {
      try {
        readFile(file);
      } catch (IOException broken) {
        fileComplaint = complained(fileComplaint, String.valueOf(broken.getMessage()));
      }
    }
    askService();
  }

  private static String complained(String before, String wrong) {
    if (!wrong.equals(before)) {
      LOG.warn("{}; what was known before still counts", wrong);
    }
    return wrong;
  }

  private void readFile(Path from) throws IOException {
    FileTime changed = Files.getLastModifiedTime(from);
    long bytes = Files.size(from);
    if (!changed.equals(readOf) || bytes != readBytes) {
      readOf = changed;
      readBytes = bytes;
      read = FileGrid.read(from);
      fileComplaint = "";
    }
  }

  private void askService() {
    if (service == null) {
      return;
    }
    long hour = Math.floorDiv(clock.millis(), Duration.ofHours(1).toMillis());
    String wrong = "";
    for (String zone : wanted.keySet()) {
      try {
        var _ = service.at(zone, hour);
        wrong = service.failure(zone).orElse(wrong);
      } catch (UncheckedIOException unavailable) {
        Throwable cause = unavailable.getCause();
        wrong = String.valueOf(cause == null ? unavailable.getMessage() : cause.getMessage());
      }
    }
    serviceComplaint = wrong.isEmpty() ? "" : complained(serviceComplaint, wrong);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      var _ = thread.awaitTermination(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
