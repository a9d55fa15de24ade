package xyz.openledger.nativekernels.strict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SharesTest {
  @Test
  void everyPanelIsInOnePart() {
    var random = new SplittableRandom(3);
    for (int i = 0; i < 20_000; i++) {
      int panels = 1 + random.nextInt(i % 2 == 0 ? 40 : 10_000);
      var shares = Shares.of(panels, 1 + random.nextInt(i % 3 == 0 ? 3 : 200));
      assertThat(shares.start(0)).isZero();
      for (int part = 0; part < shares.parts(); part++) {
        assertThat(shares.start(part + 1)).as("%s", shares).isGreaterThan(shares.start(part));
      }
      assertThat(shares.start(shares.parts())).as("%s", shares).isEqualTo(panels);
    }
  }

  @Test
  void aThreadThatNeverComesLeavesItsPartToTheOthers() {
    var shares = Shares.of(64, 2);
    assertThat(shares.parts()).isEqualTo(6);
    assertThat(shares.start(1)).isEqualTo(24);
    assertThat(shares.start(3) - shares.start(2)).isEqualTo(4);
  }

  @Test
  void oneThreadTakesAll() {
    assertThat(Shares.of(64, 1).parts()).isEqualTo(1);
  }
}
