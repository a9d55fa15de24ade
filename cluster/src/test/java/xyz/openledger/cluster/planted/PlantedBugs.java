package xyz.openledger.cluster.planted;

import java.util.List;
import java.util.stream.Stream;

/** The bugs that must be noticed. */
final class PlantedBugs {
  static final List<PlantedBug> ALL =
      Stream.of(LedgerBugs.ALL, PoolBugs.ALL, JobBugs.ALL, TrustBugs.ALL, NodeBugs.ALL)
          .flatMap(List::stream)
          .toList();

  private PlantedBugs() {}
}
