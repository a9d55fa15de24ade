package xyz.openledger.actors.tuning;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import xyz.openledger.actors.tuning.TuningEvent.Order;
import xyz.openledger.protocol.TuningId;

/**
 * The jobs that a training leaves behind when it is cancelled. One that is just being submitted is
 * not there yet when it is to be ended: so each is ended again until it is over, or until it did
 * not appear for long enough. Not thread-safe.
 */
final class TuningStops {
  /** Looks at a job that is not there and is not being submitted, after which none will come. */
  static final int LOOKS_MAX = 120;

  private final Map<Name, Integer> looks = new LinkedHashMap<>();
  private final Set<Name> asked = new HashSet<>();

  private record Name(TuningId run, int serial) {}

  /** A job that is to be ended. */
  record Stop(TuningRun run, Order order) {}

  /** A training is over: what it had under way is to end. */
  void want(TuningRun run) {
    run.stopped().forEach(order -> looks.putIfAbsent(new Name(run.id(), order.serial()), 0));
  }

  /** What is to be ended now; each once before {@link #heard} is told of it. */
  List<Stop> due(TuningRuns runs) {
    var due = new ArrayList<Stop>();
    for (Name name : List.copyOf(looks.keySet())) {
      TuningRun run = runs.run(name.run());
      if (run == null) {
        looks.remove(name);
      } else if (asked.add(name)) {
        run.stopped().stream()
            .filter(order -> order.serial() == name.serial())
            .forEach(order -> due.add(new Stop(run, order)));
      }
    }
    return due;
  }

  /**
   * How ending one went.
   *
   * @param submitting whether it may be submitted yet
   */
  void heard(TuningId run, int serial, boolean over, boolean submitting) {
    var name = new Name(run, serial);
    asked.remove(name);
    if (over) {
      looks.remove(name);
    } else if (!submitting) {
      looks.computeIfPresent(name, (_, before) -> before + 1 < LOOKS_MAX ? before + 1 : null);
    }
  }
}
