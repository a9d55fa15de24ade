package xyz.openledger.actors.simulation;

import java.util.HashMap;
import java.util.Map;
import xyz.openledger.pools.queue.Forecast;
import xyz.openledger.protocol.TaskId;

/** What those who wait were told of their wait, held against how long it was. */
final class Forecasts {
  private final World world;
  private final Map<TaskId, Told> told = new HashMap<>();

  private record Told(Forecast.Eta eta, long atMillis) {}

  Forecasts(World world) {
    this.world = world;
  }

  /** Tells all who wait and have not been told. */
  void tell() {
    for (TaskId task : world.waiting.keySet()) {
      if (!told.containsKey(task)) {
        world
            .scheduler
            .eta(task, world.nowMillis())
            .ifPresent(eta -> told.put(task, new Told(eta, world.nowMillis())));
      }
    }
  }

  /** A task has all that it waited for. */
  void served(TaskId task) {
    Told foretold = told.remove(task);
    if (foretold != null) {
      long waited = world.nowMillis() - foretold.atMillis();
      Forecast.Eta eta = foretold.eta();
      world.outcomes.told(waited <= eta.p50Millis(), waited <= eta.p90Millis());
    }
  }

  /** A task waits no more, and was not served. */
  void withdrawn(TaskId task) {
    told.remove(task);
  }
}
