package xyz.openledger.cluster.member;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import xyz.openledger.pools.Advice;
import xyz.openledger.pools.Liking;
import xyz.openledger.pools.Node;
import xyz.openledger.protocol.Policy;

/** What a dry run has to say of the pool that it looked at, a sentence each. */
final class Remarks {
  private Remarks() {}

  /**
   * The remarks.
   *
   * @param company of the pool's owners, or of those of all pools
   */
  static List<String> of(DryRuns.Looked looked, Company company) {
    var remarks = new ArrayList<String>();
    Policy policy = looked.request().policy();
    Policy.Method method = policy.verification().method();
    boolean counts = method == Policy.Method.ADAPTIVE || method == Policy.Method.TRUST;
    if (counts) {
      remarks.add(company.words(policy.verification()));
    }
    if (looked.replicas() > looked.tasks()) {
      remarks.add(
          "the price limit leaves %s for each of %d replicas"
              .formatted(open(looked.request().budgetNanoOpen()), looked.replicas()));
    }
    if (looked.beyondQuota()) {
      remarks.add(
          "tenant %s may use %d slots of this pool at the most: openledger pool quota list %s"
              .formatted(
                  looked.request().scheduling().tenant(),
                  looked.prospects().quotaMax(),
                  looked.survey().name()));
    }
    List<Node> eligible = Advice.eligible(looked.request(), looked.survey().nodes());
    long less =
        eligible.stream().filter(it -> !Liking.words(looked.request(), it).isEmpty()).count();
    if (less > 0) {
      remarks.add(
          "%d of %d eligible nodes are liked less than fully by their pool, or like such work less:"
                  .formatted(less, eligible.size())
              + " each takes up to a tenth of their score");
    }
    if (looked.survey().total() == 0) {
      switch (policy.capacity()) {
        case SPOT ->
            remarks.add(
                "nobody sells on the spot here; contributors do with: openledger node join"
                    + " --spot-slots N; without capacity: spot the job runs on demand");
        case RESERVED ->
            remarks.add(
                "nobody has bought slots ahead here: openledger market reserve %s --slots N --period"
                        .formatted(looked.survey().name())
                    + " PT1H --max OPEN");
        case ON_DEMAND -> {}
      }
    }
    return remarks;
  }

  private static String open(long nanoOpen) {
    return new BigDecimal(nanoOpen).movePointLeft(9).stripTrailingZeros().toPlainString() + " OPEN";
  }
}
