package xyz.openledger.cluster.bench;

import java.util.List;

/**
 * What the auction did.
 *
 * @param batch orders between two clearings
 * @param rounds ours, each on an empty book with the same orders
 * @param peer exchange-core's, each between two of ours; none if it did not run
 * @param ratio median of ours over median of the peer's; 0 without a peer
 * @param replay the digest of all trades, the same in every round
 * @param findings what is not as it must be
 */
public record AuctionReport(
    Surroundings surroundings,
    int orders,
    int batch,
    long seed,
    List<Run> rounds,
    List<Run> peer,
    double ordersPerCpuSecond,
    double peerOrdersPerCpuSecond,
    double ratio,
    String replay,
    List<String> findings) {

  /** One round. */
  public record Run(double ordersPerCpuSecond, double ordersPerSecond, long trades) {}

  /** Keeps its own copies. */
  public AuctionReport {
    rounds = List.copyOf(rounds);
    peer = List.copyOf(peer);
    findings = List.copyOf(findings);
  }
}
