package xyz.openledger.actors.simulation;

import xyz.openledger.pools.queue.Quotas;

/**
 * One scenario under one scheduler, event by event in virtual time. What follows from an event is
 * for the production rules to say: {@link xyz.openledger.actors.job.JobRules} for jobs, the
 * scheduler for slots; the simulation plays the nodes, the requesters and the clock.
 *
 * <pre>
 *   Attendance ─▶ Floor ◀─ Runs ◀─▶ JobLives ─▶ Placing, SpotMarket, Reserving ─▶ Runs
 *                            ▲──── MakingRoom ────▲
 * </pre>
 */
final class Simulation {
  private static final long LOOK_MILLIS = 10_000;
  private static final long MINTED = 1_000_000_000_000_000_000L;

  private final World world;
  private final Usefulness usefulness;
  private final Quotas quotas;
  private final Attendance attendance;
  private final Placing placing;

  Simulation(Scenario scenario, Scheduler scheduler, Usefulness usefulness, String name) {
    this(scenario, scheduler, usefulness, name, Wishes.NONE, Rules.PRODUCTION);
  }

  /** With jobs that ask for more, under rules that may be faulty. */
  Simulation(
      Scenario scenario,
      Scheduler scheduler,
      Usefulness usefulness,
      String name,
      Wishes wishes,
      Rules rules) {
    this(scenario, scheduler, usefulness, name, wishes, rules, wishes.quotas(scenario));
  }

  /** With other quotas than those that the jobs' work comes to. */
  Simulation(
      Scenario scenario,
      Scheduler scheduler,
      Usefulness usefulness,
      String name,
      Wishes wishes,
      Rules rules,
      Quotas quotas) {
    this.usefulness = usefulness;
    this.quotas = quotas;
    world = new World(scenario, scheduler, name, wishes, rules, quotas);
    attendance = new Attendance(world, new Dice(scenario.seed() ^ 0x5ca1ab1eL));
    placing = new Placing(world);
  }

  Figures run() {
    Scenario scenario = world.scenario;
    Agenda agenda = world.agenda;
    scenario.arrivals().stream()
        .map(Arrival::tenant)
        .distinct()
        .forEach(tenant -> world.books.mint(tenant, MINTED / 100));
    world.scheduler.limit(quotas);
    world.jobs.expect(scenario.arrivals().size());
    scenario.machines().forEach(attendance::bring);
    scenario
        .arrivals()
        .forEach(arrival -> agenda.at(arrival.atMillis(), () -> world.jobs.submit(arrival)));
    if (world.wishes.hourly()) {
      agenda.every(HourlyGrid.HOUR_MILLIS, () -> world.floor.refreshAll(agenda.nowMillis()));
    }
    if (world.wishes.preemptible()) {
      agenda.every(LOOK_MILLIS, new MakingRoom(world)::look);
    }
    if (world.wishes.market()) {
      agenda.every(SpotMarket.CLEARING_MILLIS, world.market::clear);
    }
    if (world.wishes.ahead()) {
      world.ahead.open();
    }
    long lastArrival = scenario.arrivals().getLast().atMillis();
    while (world.jobs.unfinished() > 0 && !agenda.isEmpty()) {
      passed(lastArrival);
      agenda.advance();
      world.ahead.serve();
      placing.pump();
      world.ahead.check();
      world.invariants.step(
          world.floor.running(), world.floor.roster(), world.books, agenda.nowMillis());
    }
    return world.outcomes.figures();
  }

  /** How often it could be told whether a gang was put off. */
  int gangsJudged() {
    return world.gangs.judged();
  }

  /** Until the next event, and while jobs still come, all stays as it is. */
  private void passed(long lastArrival) {
    long from = Math.min(world.nowMillis(), lastArrival);
    long to = Math.min(world.agenda.nextMillis(), lastArrival);
    if (to > from) {
      Floor floor = world.floor;
      world.outcomes.passed(
          to - from,
          floor.busySlots(),
          floor.openSlots(),
          usefulness.fragmentation(floor.roster()));
      world.outcomes.burned(to - from, floor.capacity());
    }
  }
}
