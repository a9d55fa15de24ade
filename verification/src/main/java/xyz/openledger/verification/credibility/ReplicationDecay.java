package xyz.openledger.verification.credibility;

/**
 * How the need to repeat a machine's work decays as it proves itself, after BOINC's adaptive
 * replication: below {@value #ALWAYS} confirmed results in a row its work is always repeated; with
 * {@code N} of them, with probability 1/N. Only repeated work can confirm, so after {@code n} tasks
 * N is near √(2n), and the share repeated near √(2/n).
 *
 * <p>A machine's own count alone does not make lying unprofitable: after N confirmations it can
 * expect N unseen lies. So the {@code floor} of {@link AuditFloor} stands below.
 *
 * @param confirmed N
 */
public record ReplicationDecay(long confirmed) {
  /** Confirmations in a row before anything is believed without a repeat. */
  public static final int ALWAYS = 10;

  /** A machine that has confirmed nothing yet. */
  public static final ReplicationDecay NEW = new ReplicationDecay(0);

  /**
   * The probability with which its next result is repeated.
   *
   * @param floor the least it may fall to, 0 to 1
   */
  public double probability(double floor) {
    return confirmed < ALWAYS ? 1 : Math.clamp(1.0 / confirmed, floor, 1);
  }

  /** After another's result agreed with its own. */
  public ReplicationDecay agreed() {
    return new ReplicationDecay(confirmed + 1);
  }

  /** After the verdict went against it: everything has to be proven again. */
  public ReplicationDecay dissented() {
    return NEW;
  }
}
