package xyz.openledger.protocol;

import java.util.List;

/**
 * How one task's result earned its trust by who agreed, in numbers with which anyone can reckon
 * again: {@code receipt verify} does. The replicas' outcomes stand beside it in the receipt.
 *
 * @param workloadClass the kind of work in which the witnesses had shown what they had
 * @param saboteursPartsPerMillion the share of machines that was assumed to lie, together and
 *     alike; if more do, the bound does not hold
 * @param errorPartsPerMillion the bound on the probability that the result is wrong, under that
 *     assumption
 * @param equality how outcomes were compared: {@code exact} or {@code tolerant}
 * @param committedFirst whether all had bound themselves before any was shown; false where one
 *     replica's result and commitment came together
 * @param witnesses those that answered, in the order of the replicas
 * @param spread over whom and what the agreeing replicas spread
 */
public record AgreementEvidence(
    String workloadClass,
    int saboteursPartsPerMillion,
    int errorPartsPerMillion,
    String equality,
    boolean committedFirst,
    List<Witness> witnesses,
    Spread spread) {
  /** Outcomes were compared by digest. */
  public static final String EXACT = "exact";

  /** Outcomes were compared within the policy's tolerance: a statistical class, no proof. */
  public static final String TOLERANT = "tolerant";

  /** Keeps its own copy. */
  public AgreementEvidence {
    witnesses = List.copyOf(witnesses);
  }

  /**
   * What one of them had shown when it took its lease.
   *
   * @param confirmed results in a row that other owners had confirmed
   * @param contribution its score under the weight rule: one more for each result that others
   *     confirmed, a third less at each dissent
   * @param agrees whether it is of the group that was accepted
   */
  public record Witness(ReplicaId replica, long confirmed, long contribution, boolean agrees) {}

  /**
   * How many different ones there are among those who agree.
   *
   * @param regions as declared
   */
  public record Spread(int owners, int pools, int regions) {}
}
