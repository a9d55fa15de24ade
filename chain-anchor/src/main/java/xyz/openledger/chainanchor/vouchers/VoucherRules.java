package xyz.openledger.chainanchor.vouchers;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.voucher.EscrowDomain;
import xyz.openledger.protocol.voucher.SessionKey;
import xyz.openledger.protocol.voucher.SignedVoucher;
import xyz.openledger.protocol.voucher.Voucher;

/**
 * Work comes first and the promise follows, an interval apart at the most: so a requester that
 * vanishes leaves at most one interval unpaid, and a provider that vanishes was promised nothing
 * that it had not delivered.
 *
 * @param domain where vouchers count
 * @param intervalNanoOpen the most that is worked for a key ahead of its promises, over all pools
 * @param marginSeconds how long before a key expires nothing more is worked for it, so that what it
 *     promised can be settled
 */
public record VoucherRules(EscrowDomain domain, long intervalNanoOpen, long marginSeconds) {

  /** Whether something holds, and if not, why. */
  public sealed interface Ruling {
    /** It holds; the tab is so from now on. */
    record Taken(Tab tab) implements Ruling {}

    /** It does not. */
    record Refused(Reason reason, String detail) implements Ruling {}
  }

  /** Why a voucher, or a job, is refused. */
  public enum Reason {
    /** The key's, or of another chain, escrow or content, or malformed, or of high s. */
    WRONG_SIGNER,
    UNKNOWN_KEY,
    EXPIRED,
    /** An earlier one promised as much. */
    NOT_MORE,
    /** More than what is owed: a requester's mistake, which it is spared. */
    AHEAD,
    OVER_CAP,
    /** The promise is too far behind. */
    BEHIND,
    /** The key serves another, or too many are known, or too much runs under it. */
    WRONG_STATE
  }

  /** Checks the ranges. */
  public VoucherRules {
    if (intervalNanoOpen < 1 || marginSeconds < 0) {
      throw new IllegalArgumentException("an interval is positive, and a margin not negative");
    }
  }

  /**
   * Whether a pool takes a voucher.
   *
   * @param terms what the key was authorised for on the chain
   * @param elsewhereNanoOpen what the key has promised to other pools
   */
  public Ruling take(
      SessionKey terms, Tab tab, SignedVoucher signed, long elsewhereNanoOpen, long nowSeconds) {
    Voucher voucher = signed.voucher();
    long promise = voucher.cumulativeNanoOpen();
    if (!voucher.key().equals(terms.key())) {
      return refused(Reason.UNKNOWN_KEY, voucher.key() + " was not authorised for this account");
    }
    Address signer = signed.signer(domain).orElse(null);
    if (!terms.key().equals(signer)) {
      return refused(
          Reason.WRONG_SIGNER,
          "not signed by %s for chain %d and escrow %s"
              .formatted(terms.key(), domain.chainId(), domain.escrow()));
    }
    if (nowSeconds >= terms.expiresAtSeconds()) {
      return refused(Reason.EXPIRED, "%s expired".formatted(terms.key()));
    }
    if (promise <= tab.promisedNanoOpen()) {
      return refused(
          Reason.NOT_MORE,
          "%d nano-OPEN were promised before, this says %d"
              .formatted(tab.promisedNanoOpen(), promise));
    }
    if (promise > tab.owedNanoOpen()) {
      return refused(
          Reason.AHEAD,
          "%d nano-OPEN are owed, this promises %d".formatted(tab.owedNanoOpen(), promise));
    }
    if (promise > terms.capNanoOpen() - elsewhereNanoOpen) {
      return refused(
          Reason.OVER_CAP,
          "the key may spend %d nano-OPEN, %d are promised elsewhere"
              .formatted(terms.capNanoOpen(), elsewhereNanoOpen));
    }
    return new Ruling.Taken(tab.promised(signed));
  }

  /**
   * Whether a job may start; absent if it may.
   *
   * @param tabs of the key, one a pool
   * @param runningNanoOpen the most that jobs cost which have started and not ended
   * @param mostNanoOpen the most that this one may cost
   */
  Ruling.@Nullable Refused start(
      SessionKey terms,
      Collection<Tab> tabs,
      long runningNanoOpen,
      long mostNanoOpen,
      long nowSeconds) {
    if (nowSeconds >= terms.expiresAtSeconds() - marginSeconds) {
      return refused(Reason.EXPIRED, "%s has expired, or will soon".formatted(terms.key()));
    }
    long owed = tabs.stream().mapToLong(Tab::owedNanoOpen).sum();
    long running = runningNanoOpen + mostNanoOpen;
    if (owed + running > terms.capNanoOpen()) {
      return refused(
          Reason.OVER_CAP,
          "its session key may spend %s OPEN, %s are owed or may come to be by jobs that run; this one may cost %s"
              .formatted(
                  open(terms.capNanoOpen()), open(owed + runningNanoOpen), open(mostNanoOpen)));
    }
    long unpromised = tabs.stream().mapToLong(Tab::unpromisedNanoOpen).sum();
    if (unpromised + running > intervalNanoOpen) {
      return refused(
          Reason.BEHIND,
          "%s OPEN would be worked without a voucher, %s are allowed; %s are owed now"
              .formatted(open(unpromised + running), open(intervalNanoOpen), open(unpromised)));
    }
    return null;
  }

  private static String open(long nanoOpen) {
    return BigDecimal.valueOf(nanoOpen, 9).stripTrailingZeros().toPlainString();
  }

  /**
   * What the requester's side signs next: what is owed, and no unit before it is; nothing while the
   * last promise covers it.
   */
  public static long next(Tab tab) {
    return tab.owedNanoOpen() > tab.promisedNanoOpen() ? tab.owedNanoOpen() : 0;
  }

  /**
   * The vouchers worth bringing to the chain: the last of each tab, where it says more than was
   * settled; those that bring most first.
   *
   * @param settledNanoOpen by key and pool, as the chain says
   */
  public static List<SignedVoucher> worthSettling(
      Collection<Tab> tabs, Map<Address, Map<PoolId, Long>> settledNanoOpen, int most) {
    return tabs.stream()
        .filter(tab -> tab.last() != null && gain(tab.last(), settledNanoOpen) > 0)
        .map(Tab::last)
        .sorted(
            Comparator.comparingLong((SignedVoucher signed) -> gain(signed, settledNanoOpen))
                .reversed())
        .limit(most)
        .toList();
  }

  /**
   * Whether the chain takes the last vouchers of all these tabs of a key; one that it does not take
   * spoils all that are brought along with it.
   *
   * @param leftNanoOpen what the key may still spend, as the chain says
   * @param spentNanoOpen by pool, as the chain says
   */
  public static boolean fits(
      long leftNanoOpen, Collection<Tab> tabs, Map<PoolId, Long> spentNanoOpen) {
    long left = leftNanoOpen;
    for (Tab tab : tabs) {
      SignedVoucher last = tab.last();
      if (last != null) {
        long spent = spentNanoOpen.getOrDefault(last.voucher().pool(), 0L);
        left -= Math.max(0, last.voucher().cumulativeNanoOpen() - spent);
        if (left < 0) {
          return false;
        }
      }
    }
    return true;
  }

  private static long gain(SignedVoucher signed, Map<Address, Map<PoolId, Long>> settledNanoOpen) {
    Voucher voucher = signed.voucher();
    return voucher.cumulativeNanoOpen()
        - settledNanoOpen.getOrDefault(voucher.key(), Map.of()).getOrDefault(voucher.pool(), 0L);
  }

  private static Ruling.Refused refused(Reason reason, String detail) {
    return new Ruling.Refused(reason, detail);
  }
}
