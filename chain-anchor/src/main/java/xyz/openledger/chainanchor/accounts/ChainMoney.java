package xyz.openledger.chainanchor.accounts;

import java.util.List;

/**
 * What moved through our contracts up to one final block, and what they have. Amounts in nano-OPEN.
 *
 * @param block the number of that block
 * @param deposited all that ever came into the escrow by its door
 * @param withdrawn all that went back
 * @param funded all that went on to the distributor
 * @param claimed all that left the distributor
 * @param escrowBalance the escrow's balance of the token, with what strangers sent past its door
 * @param distributorBalance the distributor's
 * @param deposits each of them, oldest first
 * @param claims each of them, oldest first
 */
public record ChainMoney(
    long block,
    long deposited,
    long withdrawn,
    long funded,
    long claimed,
    long escrowBalance,
    long distributorBalance,
    List<Moved> deposits,
    List<Moved> claims) {
  /** Keeps its own copies. */
  public ChainMoney {
    deposits = List.copyOf(deposits);
    claims = List.copyOf(claims);
  }

  /**
   * A log of the chain.
   *
   * @param logId transaction and place in it, as the books name it
   * @param block in which it is
   * @param account 64 hex digits for a deposit's, an address for a claim's
   */
  public record Moved(String logId, long block, String account, long nanoOpen) {}

  /** What the escrow has to have. */
  public long escrow() {
    return deposited - withdrawn - funded;
  }

  /** What the distributor has to have. */
  public long distributor() {
    return funded - claimed;
  }
}
