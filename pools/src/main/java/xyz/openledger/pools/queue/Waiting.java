package xyz.openledger.pools.queue;

import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.Explanation;
import xyz.openledger.pools.Scheduling;

/** A task that waits. */
final class Waiting {
  static final Comparator<Waiting> BY_PLACE =
      Comparator.comparingLong((Waiting waiting) -> waiting.place)
          .thenComparingLong(waiting -> waiting.sequence);

  static final Comparator<Waiting> BY_DEADLINE =
      Comparator.comparingLong((Waiting waiting) -> waiting.entry.deadlineMillis())
          .thenComparingLong(waiting -> waiting.sequence);

  final long sequence;
  final long sinceMillis;

  /** The part of its rank that stays. */
  final long place;

  final PoolQueue.Entry entry;
  long ticket;

  /** What kept it from its slots when it was tried last, apart from the nodes. */
  String obstacle = "";

  @Nullable Explanation explanation;

  /** What was said first of how long it will wait, and when. */
  Forecast.@Nullable Eta told;

  long toldAtMillis;

  Waiting(long sequence, long sinceMillis, long place, PoolQueue.Entry entry) {
    this.sequence = sequence;
    this.sinceMillis = sinceMillis;
    this.place = place;
    this.entry = entry;
  }

  /** The same task that asks for something else. */
  Waiting asking(PoolQueue.Entry other, long otherPlace) {
    var changed = new Waiting(sequence, sinceMillis, otherPlace, other);
    changed.ticket = ticket;
    changed.explanation = explanation;
    changed.told = told;
    changed.toldAtMillis = toldAtMillis;
    return changed;
  }

  int slots() {
    return entry.count();
  }

  Scheduling scheduling() {
    return entry.request().scheduling();
  }
}
