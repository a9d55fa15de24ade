package xyz.openledger.actors.simulation;

/** The schedulers that are compared. */
enum Contender {
  OPENLEDGER("openledger"),
  FIFO("fifo"),
  RANDOM("random"),
  BEST_FIT("best-fit"),
  LEAST_ALLOCATED("least-allocated"),
  FRAGMENTATION("fragmentation-gradient");

  final String label;

  Contender(String label) {
    this.label = label;
  }

  Scheduler scheduler(Scenario scenario, Usefulness usefulness) {
    return switch (this) {
      case OPENLEDGER -> new Production(scenario.seed());
      case FIFO -> Baseline.fifo();
      case RANDOM -> Baseline.random(scenario.seed());
      case BEST_FIT -> Baseline.bestFit();
      case LEAST_ALLOCATED -> Baseline.leastAllocated();
      case FRAGMENTATION -> Baseline.fragmentation(usefulness);
    };
  }
}
