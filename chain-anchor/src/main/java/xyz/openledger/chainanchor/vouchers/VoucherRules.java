package xyz.openledger.chainanchor.vouchers;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
 * @param intervalNanoOpen the most that a pool works ahead of the promise, and that a promise may
 *     be ahead of the work
 * @param marginSeconds how long before a key expires a pool stops to work for it, so that what it
 *     holds can be settled
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
    /** Less than what is owed. */
    TOO_LITTLE,
    /** More than an interval ahead of the work: a requester's mistake, which it is spared. */
    TOO_FAR_AHEAD,
    OVER_CAP,
    /** The promise is too far behind. */
    BEHIND
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
    if (promise < tab.owedNanoOpen()) {
      return refused(
          Reason.TOO_LITTLE,
          "%d nano-OPEN are owed, this promises %d".formatted(tab.owedNanoOpen(), promise));
    }
    if (promise - tab.owedNanoOpen() > intervalNanoOpen) {
      return refused(
          Reason.TOO_FAR_AHEAD,
          "%d nano-OPEN are owed, and a promise is at most %d ahead"
              .formatted(tab.owedNanoOpen(), intervalNanoOpen));
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
   * Whether a pool starts a job.
   *
   * @param mostNanoOpen the most that it may cost
   * @param elsewhereNanoOpen what the key has promised to other pools, or owes them
   */
  public Ruling start(
      SessionKey terms, Tab tab, long mostNanoOpen, long elsewhereNanoOpen, long nowSeconds) {
    if (nowSeconds >= terms.expiresAtSeconds() - marginSeconds) {
      return refused(Reason.EXPIRED, "%s expires too soon to be worked for".formatted(terms.key()));
    }
    Tab after = tab.started(mostNanoOpen);
    if (after.owedNanoOpen() + after.runningNanoOpen() > terms.capNanoOpen() - elsewhereNanoOpen) {
      return refused(
          Reason.OVER_CAP,
          "the key may spend %d nano-OPEN; with this job it might spend %d"
              .formatted(
                  terms.capNanoOpen(),
                  elsewhereNanoOpen + after.owedNanoOpen() + after.runningNanoOpen()));
    }
    if (after.atRiskNanoOpen() > intervalNanoOpen) {
      return refused(
          Reason.BEHIND,
          "%d nano-OPEN would be worked without a promise, %d are allowed; sign %d first"
              .formatted(
                  after.atRiskNanoOpen(),
                  intervalNanoOpen,
                  Math.max(tab.owedNanoOpen(), tab.promisedNanoOpen())));
    }
    return new Ruling.Taken(after);
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

  private static long gain(SignedVoucher signed, Map<Address, Map<PoolId, Long>> settledNanoOpen) {
    Voucher voucher = signed.voucher();
    return voucher.cumulativeNanoOpen()
        - settledNanoOpen.getOrDefault(voucher.key(), Map.of()).getOrDefault(voucher.pool(), 0L);
  }

  private static Ruling refused(Reason reason, String detail) {
    return new Ruling.Refused(reason, detail);
  }
}
