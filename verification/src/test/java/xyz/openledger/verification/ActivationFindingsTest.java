package xyz.openledger.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Receipt.ProductCheck;
import xyz.openledger.verification.toploc.ActivationEvidence;
import xyz.openledger.verification.toploc.ActivationProof;
import xyz.openledger.verification.toploc.Activations;

class ActivationFindingsTest {
  private static final Outcome ANSWERED =
      new Outcome(Outcome.Status.FINISHED, 0, 7, Digest.of(new byte[0]), 0);
  private static final int CHUNKS = 11;

  private static float[] drawn(long seed) {
    var random = new Random(seed);
    float[] values = new float[32 * 64];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static ProductCheck compared(int committed, int again, int differing) {
    var said = new ArrayList<String>();
    var computed = new ArrayList<List<Activations.Large>>();
    for (int i = 0; i < CHUNKS; i++) {
      byte[] proof = ActivationProof.of(drawn(i == 5 ? committed : i)).bytes();
      said.add(Base64.getEncoder().encodeToString(proof));
      computed.add(Activations.largest(drawn(i == 5 ? again : i), ActivationProof.LARGEST));
    }
    return ActivationFindings.of(said, computed, 350, differing);
  }

  private static ProductCheck with(ProductCheck check, @Nullable String evidence) {
    return new ProductCheck(
        true, check.products(), check.errorLog2(), check.detail(), null, 0, evidence);
  }

  @Test
  void holdAndAreComparedAgainFromTheReceiptAlone() {
    ProductCheck honest = compared(5, 5, 2);
    assertThat(honest.holds()).isTrue();
    assertThat(honest.products()).isEqualTo(CHUNKS);
    assertThat(ActivationFindings.fault(honest, ANSWERED)).isNull();
  }

  @Test
  void refuteOneChunkAmongManyAndTooManyTokensDrawnOtherwise() {
    ProductCheck one = compared(5, 77, 0);
    assertThat(one.holds()).isFalse();
    assertThat(ActivationEvidence.read(Objects.requireNonNull(one.evidence())).shown())
        .hasSize(ActivationEvidence.SHOWN_MAX)
        .first()
        .matches(it -> it.index() == 5);
    assertThat(compared(5, 5, 18).holds()).isTrue();
    assertThat(compared(5, 5, 19).holds()).isFalse();
  }

  /** Whoever turns a refuted answer into an accepted one in a receipt is found out. */
  @Test
  void areFoundOutInAReceiptThatTurnsThemAround() {
    ProductCheck refuted = compared(5, 77, 0);
    ProductCheck honest = compared(5, 5, 2);
    assertThat(ActivationFindings.fault(with(refuted, refuted.evidence()), ANSWERED))
        .contains("not near");
    assertThat(ActivationFindings.fault(with(honest, null), ANSWERED)).contains("no activations");
    assertThat(ActivationFindings.fault(with(honest, "{}"), ANSWERED)).contains("cannot be read");
    String text = Objects.requireNonNull(honest.evidence());
    assertThat(
            ActivationFindings.fault(
                with(honest, text.replace("\"chunks\":11", "\"chunks\":12")), ANSWERED))
        .contains("otherwise");
    var bound = new ProductCheck(true, CHUNKS, -61, honest.detail(), null, 0, text);
    assertThat(ActivationFindings.fault(bound, ANSWERED)).contains("bounds an error");
  }

  /** Otherwise the best chunk could stand for all that are not shown. */
  @Test
  void refuseAChunkThatIsShownTwiceOrIsNone() {
    ProductCheck honest = compared(5, 5, 2);
    String text = Objects.requireNonNull(honest.evidence());
    assertThat(text).contains("\"index\":5", "\"index\":0");
    for (String other : List.of("0", "-1", "11")) {
      String forged = text.replace("\"index\":5", "\"index\":" + other);
      assertThat(ActivationFindings.fault(with(honest, forged), ANSWERED))
          .contains("cannot be read");
    }
  }

  @Test
  void refuseOnePlaceThatIsCountedManyTimes() {
    ProductCheck honest = compared(5, 5, 2);
    ActivationEvidence evidence =
        ActivationEvidence.read(Objects.requireNonNull(honest.evidence()));
    var first = evidence.shown().getFirst();
    byte[] places = Base64.getDecoder().decode(first.largest());
    for (int i = 6; i < places.length; i++) {
      places[i] = places[i % 6];
    }
    var shown = new ArrayList<>(evidence.shown());
    shown.set(
        0,
        new ActivationEvidence.Chunk(
            first.index(), first.proof(), Base64.getEncoder().encodeToString(places)));
    var forged =
        new ActivationEvidence(evidence.chunks(), evidence.differing(), evidence.tokens(), shown);
    assertThat(ActivationFindings.fault(with(honest, forged.text()), ANSWERED))
        .contains("out of order");
  }
}
