package xyz.openledger.cluster.member;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.chainanchor.payouts.PayoutTree;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.api.PublishedPayouts;

/** What the roots of payout epochs are made of, for anyone to make them again. */
final class Published {
  private Published() {}

  /** The last final epoch; and the open one, so that it can be challenged before it pays. */
  static PublishedPayouts of(
      AccountsMessage.Payouts now, @Nullable Long chainId, @Nullable Address distributor) {
    var published = now.published();
    var open = now.open();
    var before = new TreeMap<>(now.cumulative());
    if (open != null) {
      open.payouts()
          .forEach(
              payout ->
                  before.computeIfPresent(
                      payout.payee(), (_, all) -> all - payout.amountNanoOpen()));
    }
    return new PublishedPayouts(
        published == null ? 0 : published.epoch(),
        chainId,
        distributor,
        payouts(before),
        open == null
            ? null
            : new PublishedPayouts.Waiting(open.epoch(), open.root(), payouts(now.cumulative())));
  }

  private static List<PublishedPayouts.Payout> payouts(SortedMap<String, Long> cumulative) {
    var given = new TreeMap<>(cumulative);
    given.values().removeIf(all -> all == 0);
    if (given.size() > PublishedPayouts.PAYOUTS_MAX) {
      throw new ProblemException(
          Problem.TOO_LARGE, "", "there are %d payees".formatted(given.size()));
    }
    return given.entrySet().stream()
        .map(
            entry ->
                new PublishedPayouts.Payout(
                    Address.parse(entry.getKey()), PayoutTree.wei(entry.getValue()).toString()))
        .toList();
  }
}
