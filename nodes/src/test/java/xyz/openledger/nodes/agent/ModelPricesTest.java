package xyz.openledger.nodes.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Price;
import xyz.openledger.protocol.session.ClassPrices;
import xyz.openledger.protocol.session.Terms;

class ModelPricesTest {
  private static final Map<String, String> OWN =
      Map.of("openledger.price.inference", "2000000", "openledger.price.matmul", "7", "a", "b");

  @Test
  void askWhatNobodyPaysWhereThereAreNoModels() {
    Terms terms = ModelPrices.over(terms(OWN), false);

    assertThat(ClassPrices.of(terms.labels()))
        .containsEntry("inference", Price.NANO_OPEN_PER_GIGAFUEL_MAX)
        .containsEntry("finetune", Price.NANO_OPEN_PER_GIGAFUEL_MAX)
        .containsEntry("matmul", 7L);
  }

  @Test
  void areTheContributorsOwnWhereThereAre() {
    assertThat(ModelPrices.over(terms(OWN), true)).isEqualTo(terms(OWN));
  }

  @Test
  void areForgottenOnceThereAreModels() {
    Terms before = ModelPrices.over(terms(Map.of("a", "b")), false);

    assertThat(ModelPrices.over(before, true)).isEqualTo(terms(Map.of("a", "b")));
  }

  private static Terms terms(Map<String, String> labels) {
    return new Terms("ada", 1, 1, 1 << 20, 100, "", 0, 0, null, labels);
  }
}
