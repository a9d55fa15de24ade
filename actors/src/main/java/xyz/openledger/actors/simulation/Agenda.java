package xyz.openledger.actors.simulation;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What will happen when, in virtual time; of one moment, what was entered first. */
final class Agenda {
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingLong(Event::atMillis).thenComparingLong(Event::sequence));
  private long nowMillis;
  private long sequence;

  private record Event(long atMillis, long sequence, Runnable what) {}

  long nowMillis() {
    return nowMillis;
  }

  void at(long atMillis, Runnable what) {
    events.add(new Event(atMillis, sequence++, what));
  }

  /** Again and again, first after that time. */
  void every(long millis, Runnable what) {
    at(
        nowMillis + millis,
        () -> {
          what.run();
          every(millis, what);
        });
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  /** When the next thing happens. */
  long nextMillis() {
    return events.element().atMillis();
  }

  /** Lets the next thing happen. */
  void advance() {
    Event event = events.remove();
    nowMillis = event.atMillis();
    event.what().run();
  }
}
