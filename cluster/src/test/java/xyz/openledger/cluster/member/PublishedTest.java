package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.account.AccountsMessage;
import xyz.openledger.chainanchor.accounts.LedgerEvent;
import xyz.openledger.chainanchor.accounts.Payout;
import xyz.openledger.chainanchor.payouts.PayoutTree;
import xyz.openledger.protocol.api.PublishedPayouts;

class PublishedTest {
  private static final String ADA = "0x" + "a".repeat(40);
  private static final String BOB = "0x" + "b".repeat(40);

  @Test
  void anEpochThatWaitsIsToldWithAllThatItsRootIsMadeOf() {
    var all = new TreeMap<>(Map.of(ADA, 100L, BOB, 7L));
    String root = PayoutTree.of(all).rootHex();
    var payouts = List.of(new Payout(ADA, 40, 100), new Payout(BOB, 7, 7));
    var open = new LedgerEvent.PayoutEpochClosed(4, payouts, ADA, 0, root);
    var last = new LedgerEvent.PayoutEpochPublished(3, List.of(), "0x1");

    var told = Published.of(new AccountsMessage.Payouts(open, last, all, List.of()), null, null);

    assertThat(told.epoch()).isEqualTo(3);
    assertThat(amounts(told.payouts())).isEqualTo(Map.of(ADA, 60L));
    var waiting = told.waiting();
    assertThat(waiting).isNotNull();
    assertThat(waiting.epoch()).isEqualTo(4);
    assertThat(waiting.root()).isEqualTo(PayoutTree.of(amounts(waiting.payouts())).rootHex());
    var quiet = new AccountsMessage.Payouts(null, last, all, List.of());
    assertThat(Published.of(quiet, null, null).waiting()).isNull();
  }

  private static TreeMap<String, Long> amounts(List<PublishedPayouts.Payout> payouts) {
    var amounts = new TreeMap<String, Long>();
    for (var payout : payouts) {
      long nanoOpen = Long.parseLong(payout.cumulativeWei()) / 1_000_000_000;
      amounts.put(payout.account().value(), nanoOpen);
    }
    return amounts;
  }
}
