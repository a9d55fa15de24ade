package xyz.openledger.actors.simulation;

/**
 * What jobs ask for, and what is known of the grid, beside what a scenario says. Nothing of it
 * changes what is drawn, so that runs of one seed can be compared.
 *
 * @param hedged every job asks for second replicas beside stragglers, and has the money
 * @param preemptible jobs of low priority may be stopped after notice, half of them with a saved
 *     state
 * @param hourly grids are known by the hour, and differ by it
 * @param shifts jobs that weigh carbon may wait for a cleaner hour
 */
record Wishes(boolean hedged, boolean preemptible, boolean hourly, boolean shifts) {
  static final Wishes NONE = new Wishes(false, false, false, false);
  static final Wishes HEDGED = new Wishes(true, false, false, false);
  static final Wishes PREEMPTIBLE = new Wishes(false, true, false, false);
  static final Wishes HOURLY = new Wishes(false, false, true, false);
  static final Wishes SHIFTS = new Wishes(false, false, true, true);

  private static final int LOW = 3;

  /** Whether a job says that it may be stopped. */
  boolean mayStop(Arrival arrival) {
    return preemptible && !arrival.gang() && arrival.priority() <= LOW;
  }

  /** Whether a job is a training, which saves its state when it has to stop. */
  boolean trains(Arrival arrival) {
    return mayStop(arrival) && arrival.number() % 2 == 0;
  }

  /** Whether a job says that it may wait for a cleaner hour. */
  boolean mayWait(Arrival arrival) {
    return shifts && !arrival.gang() && arrival.weights().carbon() > 0;
  }
}
