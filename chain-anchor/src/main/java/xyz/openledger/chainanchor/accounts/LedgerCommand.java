package xyz.openledger.chainanchor.accounts;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.FeeSplit;

/**
 * What can be asked of the books. Every command may be repeated: the answer to a repeat is the
 * first answer.
 */
public sealed interface LedgerCommand {

  /**
   * A deposit that is final on the chain. Credited once per {@code logId}.
   *
   * @param depositor who brought it, and to whom alone it may return
   * @param escrow the address of the Escrow contract that logged it
   * @param logId {@code transactionHash/logIndex}
   */
  record Deposit(
      String tenant,
      String depositor,
      long amountNanoOpen,
      String escrow,
      String logId,
      long blockNumber)
      implements LedgerCommand {}

  /**
   * Sets money aside for a job before any of its work is dispatched.
   *
   * @param jobId the job
   * @param tenant who pays
   * @param amountNanoOpen the most the job may cost; one or more
   * @param origin who asks, and the how-manieth hold of its own this is
   */
  record Hold(String jobId, String tenant, long amountNanoOpen, Origin origin)
      implements LedgerCommand {}

  /**
   * Pays for a job out of its hold and gives the rest back.
   *
   * @param charges at most {@link Books#CHARGES_MAX}; their sum is at most the hold
   * @param withheld replicas that are not paid, and why
   * @param feeBasisPoints the platform's share of each price, 0 to 10,000; 0 beside a split
   * @param split who gets how much of the prices; absent where the platform alone gets a fee
   * @param modelPayee to whose earnings the model's share goes; absent if it waits for whom
   *     governance names
   */
  record Settle(
      String jobId,
      List<Charge> charges,
      List<Withholding> withheld,
      int feeBasisPoints,
      @Nullable FeeSplit split,
      @Nullable String modelPayee)
      implements LedgerCommand {
    /** The model's share, if there is one, waits for whom governance names. */
    public Settle(
        String jobId,
        List<Charge> charges,
        List<Withholding> withheld,
        int feeBasisPoints,
        @Nullable FeeSplit split) {
      this(jobId, charges, withheld, feeBasisPoints, split, null);
    }

    /** Without a split. */
    public Settle(
        String jobId, List<Charge> charges, List<Withholding> withheld, int feeBasisPoints) {
      this(jobId, charges, withheld, feeBasisPoints, null);
    }
  }

  /** Gives the whole hold back: a job that was refused, cancelled, failed or expired unpaid. */
  record Release(String jobId, String reason) implements LedgerCommand {}

  /**
   * The origin has written down how these holds of its own ended (or that they were refused) and
   * will never ask about them again. The books then forget the jobs and remember only the numbers,
   * as bits.
   */
  record Acknowledge(String source, List<Long> numbers) implements LedgerCommand {
    /** The most numbers at once. */
    public static final int NUMBERS_MAX = 10_000;
  }

  /**
   * Takes money out of a requester's account, to be sent back to a depositor: at most what he
   * brought and did not get back yet, which is what the Escrow contract allows.
   *
   * @param withdrawalId names the withdrawal here and, hashed, in the Escrow contract
   */
  record RequestWithdrawal(
      String withdrawalId, String tenant, String depositor, long amountNanoOpen)
      implements LedgerCommand {}

  /** The withdrawal is final on the chain. */
  record CompleteWithdrawal(String withdrawalId, String transactionHash) implements LedgerCommand {}

  /** The withdrawal can never happen on the chain; the money goes back. */
  record ReturnWithdrawal(String withdrawalId, String reason) implements LedgerCommand {}

  /**
   * Gathers everything earned so far into the next payout epoch. Refused while an epoch is being
   * published, and when nothing was earned.
   *
   * @param platformPayee the address that the platform's fees go to
   */
  record ClosePayoutEpoch(String platformPayee, Map<String, String> sharePayees)
      implements LedgerCommand {
    /** Keeps its own copy. */
    public ClosePayoutEpoch {
      sharePayees = Map.copyOf(sharePayees);
    }

    /** Shares of fees but the platform's wait. */
    public ClosePayoutEpoch(String platformPayee) {
      this(platformPayee, Map.of());
    }
  }

  /** The epoch's root and its funding are final on the chain. */
  record PublishPayoutEpoch(long epoch, String transactionHash) implements LedgerCommand {}

  /**
   * Takes the open epoch back, since the final chain shows that the judge rejected its root. What
   * it would have paid is earned again and goes out with the next epoch, which has another number.
   *
   * @param by who says so
   * @param reason why, for whoever reads the journal
   */
  record ReopenPayoutEpoch(long epoch, String by, String reason) implements LedgerCommand {
    /** The longest reason, in characters. */
    public static final int REASON_MAX = 500;
  }

  /**
   * A payee's claim that is final on the chain.
   *
   * @param distributor the address of the RewardDistributor contract that logged it
   * @param logId {@code transactionHash/logIndex}
   */
  record Claim(
      String payee, long amountNanoOpen, String distributor, String logId, long blockNumber)
      implements LedgerCommand {}
}
