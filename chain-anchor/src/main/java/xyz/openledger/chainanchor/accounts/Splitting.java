package xyz.openledger.chainanchor.accounts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.FeeSplit;

/**
 * Splits prices by basis points, to the unit and for ever. Each account is given what it is due
 * rounded down, and the rest, in ten-thousandths of a nano-OPEN, is carried to its next payment: so
 * no account is ever ahead of what it is due, or behind by a whole unit, however many payments
 * there were and whatever splits they had. The units that no account has whole yet are the dust,
 * which is an account too: the carries add up to it exactly.
 *
 * @param payments in the order of the charges
 * @param carries what is carried on from here, of each account that this touched
 */
record Splitting(List<Payment> payments, FeeShares shares, Map<Account, Integer> carries) {

  /**
   * Splits the prices of one settlement.
   *
   * @param modelPayee who gets the model's share; null if whom governance names
   * @param carry what each account carries so far, 0 to 9,999
   */
  static Splitting of(
      FeeSplit split,
      List<Charge> charges,
      @Nullable String modelPayee,
      ToIntFunction<Account> carry) {
    var carries = new HashMap<Account, Integer>();
    var payments = new ArrayList<Payment>(charges.size());
    long total = 0;
    for (Charge charge : charges) {
      long price = charge.priceNanoOpen();
      long net =
          give(Account.earned(charge.payee()), price, split.nodesBasisPoints(), carry, carries);
      payments.add(
          new Payment(charge.replicaId(), charge.nodeId(), charge.payee(), net, price - net));
      total = Math.addExact(total, price);
    }
    var shares =
        new FeeShares(
            split,
            give(Account.PLATFORM, total, split.platformBasisPoints(), carry, carries),
            give(FeeShares.model(modelPayee), total, split.modelBasisPoints(), carry, carries),
            give(Account.STAKERS, total, split.stakersBasisPoints(), carry, carries),
            give(Account.DATA, total, split.dataBasisPoints(), carry, carries),
            modelPayee);
    return new Splitting(payments, shares, carries);
  }

  /** The same for what an event says was paid: its prices are those of its charges. */
  static Splitting of(LedgerEvent.Settled event, FeeShares said, ToIntFunction<Account> carry) {
    var charges =
        event.payments().stream()
            .map(p -> new Charge(p.replicaId(), p.nodeId(), p.payee(), p.priceNanoOpen()))
            .toList();
    return of(said.split(), charges, said.modelPayee(), carry);
  }

  private static long give(
      Account account,
      long amount,
      int basisPoints,
      ToIntFunction<Account> before,
      Map<Account, Integer> carries) {
    Integer changed = carries.get(account);
    int carried = changed == null ? before.applyAsInt(account) : changed;
    // In two halves, since an amount times ten thousand need not fit a long.
    long part = amount % FeeSplit.WHOLE * basisPoints + carried;
    carries.put(account, (int) (part % FeeSplit.WHOLE));
    return amount / FeeSplit.WHOLE * basisPoints + part / FeeSplit.WHOLE;
  }
}
