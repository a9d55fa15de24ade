package xyz.openledger.chainanchor.accounts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to money. Each event says all that is needed to post it, so that {@link Postings}
 * can turn a journal into transfers without any state.
 */
public sealed interface LedgerEvent {

  /** A requester's deposit arrived. */
  record Deposited(
      String tenant,
      String depositor,
      long amountNanoOpen,
      String escrow,
      String logId,
      long blockNumber)
      implements LedgerEvent {}

  /** Money was set aside for a job. */
  record Held(String jobId, String tenant, long amountNanoOpen, String source, long number)
      implements LedgerEvent {}

  /**
   * A job was paid for. The prices of its payments and the refund add up to what was held.
   *
   * @param chargesDigest SHA-256 over the charges, withholdings and fee rate asked for, hex: tells
   *     a repeat from a conflict
   * @param shares who got the fees; absent where the platform alone did
   */
  record Settled(
      String jobId,
      String tenant,
      long heldNanoOpen,
      List<Payment> payments,
      List<Withholding> withheld,
      long refundNanoOpen,
      String chargesDigest,
      @Nullable FeeShares shares)
      implements LedgerEvent {
    /** Without shares. */
    public Settled(
        String jobId,
        String tenant,
        long heldNanoOpen,
        List<Payment> payments,
        List<Withholding> withheld,
        long refundNanoOpen,
        String chargesDigest) {
      this(jobId, tenant, heldNanoOpen, payments, withheld, refundNanoOpen, chargesDigest, null);
    }

    /** Keeps its own copies, and checks that nothing was lost or made. */
    public Settled {
      payments = List.copyOf(payments);
      withheld = List.copyOf(withheld);
      long paid = payments.stream().mapToLong(Payment::priceNanoOpen).reduce(0, Math::addExact);
      if (refundNanoOpen < 0 || Math.addExact(paid, refundNanoOpen) != heldNanoOpen) {
        throw new IllegalArgumentException(
            "%s: paid %d + refund %d is not the hold of %d"
                .formatted(jobId, paid, refundNanoOpen, heldNanoOpen));
      }
    }
  }

  /** A job's whole hold went back. */
  record Released(String jobId, String tenant, long amountNanoOpen, String reason)
      implements LedgerEvent {}

  /** A source will not ask about these holds again. */
  record Acknowledged(String source, List<Long> numbers) implements LedgerEvent {
    /** Keeps its own copy. */
    public Acknowledged {
      numbers = List.copyOf(numbers);
    }
  }

  /** Money left a requester's account, on its way back to a depositor. */
  record WithdrawalRequested(
      String withdrawalId, String tenant, String depositor, long amountNanoOpen)
      implements LedgerEvent {}

  /** It arrived there. */
  record WithdrawalCompleted(
      String withdrawalId,
      String tenant,
      String depositor,
      long amountNanoOpen,
      String transactionHash)
      implements LedgerEvent {}

  /** It could not, and came back. */
  record WithdrawalReturned(
      String withdrawalId, String tenant, String depositor, long amountNanoOpen, String reason)
      implements LedgerEvent {}

  /**
   * Everything earned so far was gathered into a payout epoch.
   *
   * @param epoch 1 for the first
   * @param payouts in the order of payee; the platform's own is among them
   * @param platformPayee who gets the platform's fees
   * @param platformNanoOpen how much of {@code platformPayee}'s payout is fees
   * @param root the payout tree over all payees ever, {@code 0x} and 64 hex digits
   * @param shares how much of which payout is a share of fees; absent if none is
   * @param coveredNanoOpen what of it the distributor has already, from epochs that were taken
   *     back; absent if nothing
   */
  record PayoutEpochClosed(
      long epoch,
      List<Payout> payouts,
      String platformPayee,
      long platformNanoOpen,
      String root,
      @Nullable List<SharePayout> shares,
      @Nullable Long coveredNanoOpen)
      implements LedgerEvent {
    /** Keeps its own copies. */
    public PayoutEpochClosed {
      payouts = List.copyOf(payouts);
      shares = shares == null ? null : List.copyOf(shares);
    }

    /** An epoch that follows none that was taken back. */
    public PayoutEpochClosed(
        long epoch,
        List<Payout> payouts,
        String platformPayee,
        long platformNanoOpen,
        String root,
        @Nullable List<SharePayout> shares) {
      this(epoch, payouts, platformPayee, platformNanoOpen, root, shares, null);
    }

    /** An epoch without shares but the platform's. */
    public PayoutEpochClosed(
        long epoch,
        List<Payout> payouts,
        String platformPayee,
        long platformNanoOpen,
        String root) {
      this(epoch, payouts, platformPayee, platformNanoOpen, root, null);
    }

    /** What of it are shares of fees but the platform's. */
    List<SharePayout> sharePayouts() {
      return shares == null ? List.of() : shares;
    }

    /** What the epoch adds for all payees together. */
    public long totalNanoOpen() {
      return Payout.total(payouts);
    }

    /** What the distributor must be funded with: what it adds less what is there already. */
    public long fundingNanoOpen() {
      return totalNanoOpen() - orZero(coveredNanoOpen);
    }
  }

  /**
   * The epoch's root and funding are final on the chain; its payouts can be claimed.
   *
   * @param coveredNanoOpen as in {@link PayoutEpochClosed}
   */
  record PayoutEpochPublished(
      long epoch, List<Payout> payouts, String transactionHash, @Nullable Long coveredNanoOpen)
      implements LedgerEvent {
    /** Keeps its own copy. */
    public PayoutEpochPublished {
      payouts = List.copyOf(payouts);
    }

    /** An epoch that follows none that was taken back. */
    public PayoutEpochPublished(long epoch, List<Payout> payouts, String transactionHash) {
      this(epoch, payouts, transactionHash, null);
    }

    /** What came from the escrow for it. */
    long fundingNanoOpen() {
      return Payout.total(payouts) - orZero(coveredNanoOpen);
    }
  }

  /**
   * The judge rejected the epoch's root on the chain, and somebody who may took the epoch back: its
   * payouts are earned again. Its funding stays where it is, and covers what comes next.
   *
   * @param closed the epoch as it was
   * @param by who took it back
   * @param reason why
   */
  record PayoutEpochReopened(PayoutEpochClosed closed, String by, String reason)
      implements LedgerEvent {}

  private static long orZero(@Nullable Long amount) {
    return amount == null ? 0 : amount;
  }

  /** A payee took what he may claim. */
  record Claimed(
      String payee, long amountNanoOpen, String distributor, String logId, long blockNumber)
      implements LedgerEvent {}
}
