package xyz.openledger.chainanchor.accounts;

/**
 * Money that leaves one account and enters another. Because a posting is always a transfer, the sum
 * over all accounts is zero at every moment.
 *
 * @param key says which payment this is; two transfers with one key are the same payment
 * @param debit where it leaves
 * @param credit where it arrives
 * @param amountNanoOpen one or more
 */
public record Transfer(PaymentKey key, Account debit, Account credit, long amountNanoOpen) {

  /** Checks the amount and that the accounts differ. */
  public Transfer {
    if (amountNanoOpen <= 0) {
      throw new IllegalArgumentException(
          "a transfer moves at least 1 nano-OPEN, " + key + " moves " + amountNanoOpen);
    }
    if (debit.equals(credit)) {
      throw new IllegalArgumentException(key + " moves from " + debit + " to itself");
    }
  }
}
