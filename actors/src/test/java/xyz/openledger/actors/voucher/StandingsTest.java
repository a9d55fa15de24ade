package xyz.openledger.actors.voucher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.Test;
import xyz.openledger.chainanchor.vouchers.SessionStanding;
import xyz.openledger.chainanchor.vouchers.Sessions;
import xyz.openledger.chainanchor.vouchers.VoucherEvent;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.voucher.SessionKey;
import xyz.openledger.protocol.voucher.SignedVoucher;
import xyz.openledger.protocol.voucher.Voucher;

class StandingsTest {
  private static final TenantId ADA = TenantId.parse("ada");
  private static final int FRAME_BYTES = 512 << 10;
  private static final int KEYS = 600;
  private static final int JOBS = 60;

  @Test
  void eachPageFitsIntoAFrameAndAllPagesTogetherAreAllKeys() {
    var sessions = new Sessions();
    for (int i = 1; i <= KEYS; i++) {
      Address key = Address.parse("0x%040x".formatted(i));
      var terms = new SessionKey(Digest.of(), key, key, 1_000_000, 2_000_000_000L);
      sessions.apply(new VoucherEvent.Opened("k".repeat(63), ADA, terms));
      for (int job = 0; job < JOBS; job++) {
        sessions.apply(new VoucherEvent.Started(key, JobId.of(ADA, i + "/" + job), 1_000));
      }
      for (String pool : new String[] {"hearth", "mill"}) {
        var voucher = new Voucher(key, PoolId.of("operator", pool), 9);
        sessions.apply(new VoucherEvent.Promised(new SignedVoucher(voucher, "ab".repeat(65))));
      }
    }
    var system = ActorSystem.create("pages");
    try {
      var serialization = SerializationExtension.get(system);
      var all = new ArrayList<SessionStanding>();
      long sum = 0;
      boolean more = true;
      while (more) {
        var page = VouchersEntity.page(sessions, all.size(), JOBS);
        int bytes = serialization.serialize(page).get().length;
        assertThat(bytes).isLessThan(FRAME_BYTES);
        sum += bytes;
        all.addAll(page.sessions());
        more = page.more();
      }

      assertThat(sum).as("too much for one").isGreaterThan(FRAME_BYTES);
      assertThat(all).isEqualTo(sessions.standings(JOBS)).hasSize(KEYS);
    } finally {
      TestKit.shutdownActorSystem(system);
    }
  }
}
