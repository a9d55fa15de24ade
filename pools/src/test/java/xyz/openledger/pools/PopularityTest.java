package xyz.openledger.pools;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PopularityTest {
  private final Popularity popularity = new Popularity();

  @Test
  void whatIsAskedForOftenStandsOutAmongThousandsThatAreAskedForOnce() {
    int often = 0;
    int most = 0;
    for (int i = 0; i < 4_000; i++) {
      most = Math.max(most, popularity.ask("rare " + i));
      if (i % 40 == 0) {
        often = popularity.ask("often");
      }
    }
    assertThat(often).isGreaterThanOrEqualTo(100);
    assertThat(most).isLessThan(often);
  }

  @Test
  void noneStandsOutAmongAnyNumberThatAreAskedForOnce() {
    int most = 0;
    for (int i = 0; i < 200_000; i++) {
      most = Math.max(most, popularity.ask("rare " + i));
    }
    assertThat(most).isLessThanOrEqualTo(Sampled.ASKED_MAX);
  }

  @Test
  void whatIsNotAskedForAnyMoreIsForgotten() {
    for (int i = 0; i < 1_000; i++) {
      popularity.ask("once");
    }
    for (int i = 0; i < 10 * (1 << 16); i++) {
      popularity.ask("since");
    }
    assertThat(popularity.ask("once")).isLessThan(10);
  }
}
