package xyz.openledger.pools.queue;

import xyz.openledger.pools.Scheduling;

/**
 * How many slots are wanted ahead of a task: those of its priority that came before it and have not
 * gone, and all of higher ones. An estimate in constant time: it takes it that a priority is served
 * in the order of arrival.
 */
final class Backlog {
  private final long[] waiting = new long[Scheduling.PRIORITY_MAX + 1];
  private final long[] came = new long[Scheduling.PRIORITY_MAX + 1];
  private final long[] went = new long[Scheduling.PRIORITY_MAX + 1];

  /** So many slots are wanted more; answers the ticket of who wants them. */
  long came(int priority, int slots) {
    waiting[priority] += slots;
    came[priority] += slots;
    return came[priority];
  }

  /** So many slots are no longer wanted. */
  void went(int priority, int slots) {
    waiting[priority] -= slots;
    went[priority] += slots;
  }

  /** Somebody wants so many more, or fewer, than before, in the same place. */
  void changed(int priority, int slots) {
    waiting[priority] += slots;
  }

  /** The slots that are wanted at a priority and above. */
  long wanted(int priority) {
    long wanted = 0;
    for (int higher = priority; higher < waiting.length; higher++) {
      wanted += waiting[higher];
    }
    return wanted;
  }

  /** The slots wanted before those of a ticket are all given, its own included. */
  long ahead(Waiting of) {
    int priority = of.scheduling().priority();
    long ahead = Math.clamp(of.ticket - went[priority], of.slots(), waiting[priority]);
    for (int higher = priority + 1; higher < waiting.length; higher++) {
      ahead += waiting[higher];
    }
    return ahead;
  }
}
