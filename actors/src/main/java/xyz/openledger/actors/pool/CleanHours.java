package xyz.openledger.actors.pool;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.Request;
import xyz.openledger.pools.TimeShift;
import xyz.openledger.pools.energy.GridIntensity;
import xyz.openledger.pools.energy.Zones;
import xyz.openledger.protocol.TaskId;

/**
 * Lets tasks wait for a cleaner grid, and says so. Decides anew each time that a job asks, so that
 * a forecast that changes, or a pool that starts again, holds nobody for old reasons.
 */
final class CleanHours {
  private static final int REMEMBERED_MAX = 10_000;

  private final GridIntensity grid;
  private final TimeShift shift;

  /** Who waited, since when, and what for at first: told once they start. */
  private final Map<TaskId, Held> held =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<TaskId, Held> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  private long minute = Long.MIN_VALUE;

  private record Held(long sinceMillis, TimeShift.Wait first) {}

  CleanHours(GridIntensity grid) {
    this.grid = grid;
    this.shift = new TimeShift(grid);
  }

  /** What a task that could start should wait for. */
  Optional<TimeShift.Wait> wait(
      Request request, List<Node> nodes, long deadlineMillis, long nowMillis) {
    var waits = shift.of(request, nodes, deadlineMillis, nowMillis);
    waits.ifPresent(wait -> held.putIfAbsent(request.task(), new Held(nowMillis, wait)));
    return waits;
  }

  void forget(TaskId task) {
    held.remove(task);
  }

  /** The intensity that counts for a node now. */
  int gramsPerKwh(NodeOffer offer, long nowMillis) {
    return Zones.gramsPerKwh(grid, offer.traits().labels(), offer.carbonGramsPerKwh(), nowMillis);
  }

  /**
   * Whether intensities should be looked up again: a minute has begun, and sources may know more.
   */
  boolean turned(long nowMillis) {
    long now = Math.floorDiv(nowMillis, 60_000);
    boolean turned = now != minute;
    minute = now;
    return turned;
  }

  /**
   * What is kept with a placement: the intensity that counts for it and whose it is, and what was
   * waited for. Empty where the node names no zone.
   */
  String words(TaskId task, Node node, long nowMillis) {
    GridIntensity.Reading reading = Zones.at(grid, node.traits().labels(), nowMillis).orElse(null);
    if (reading == null) {
      return "";
    }
    String at =
        "; grid %s at %d g CO2e/kWh in the hour from %s (%s)"
            .formatted(
                Zones.of(node.traits().labels()),
                node.carbonGramsPerKwh(),
                Instant.ofEpochMilli(nowMillis).truncatedTo(ChronoUnit.HOURS),
                reading.source());
    Held waited = held.get(task);
    return waited == null
        ? at
        : at
            + "; waited %d min for a cleaner grid, foreseen at first: %s g instead of %s g a replica"
                .formatted(
                    (nowMillis - waited.sinceMillis()) / 60_000,
                    TimeShift.Wait.grams(waited.first().thenMicrograms()),
                    TimeShift.Wait.grams(waited.first().nowMicrograms()));
  }
}
