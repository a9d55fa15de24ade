package xyz.openledger.chainanchor.receipts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import xyz.openledger.chainanchor.log.CheckpointNote;
import xyz.openledger.chainanchor.log.LogKey;
import xyz.openledger.chainanchor.log.WitnessKey;
import xyz.openledger.chainanchor.receipts.Check.Outcome;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.Ed25519Key;

class ReceiptVerifierTest {
  private final ReceiptFixture fixture = new ReceiptFixture(ReceiptFixture.REGISTRY);
  private final TrustedStart start =
      new TrustedStart(Optional.of(ReceiptFixture.logKey()), Optional.of(fixture.chain()));

  @Test
  void passesEveryCheckFromTheChainAndThePinnedKey() throws IOException {
    var verdict = ReceiptVerifier.verify(fixture.bundle(), start);

    assertThat(verdict.checks())
        .extracting(Check::name)
        .containsExactly(
            "format",
            "document",
            "inclusion",
            "signature",
            "origin",
            "anchor",
            "consistency",
            "statements");
    assertThat(verdict.checks()).allMatch(check -> check.outcome() == Outcome.PASSED);
    assertThat(verdict.verified()).isTrue();
  }

  @Test
  void needsNoNetworkWithAPinnedKey() throws IOException {
    var verdict =
        ReceiptVerifier.verify(fixture.bundle(), TrustedStart.of(ReceiptFixture.logKey()));

    assertThat(verdict.verified()).isTrue();
    assertThat(verdict.checks().getLast().outcome()).isEqualTo(Outcome.SKIPPED);
  }

  @Test
  void needsNoKeyWithAChain() throws IOException {
    assertThat(
            ReceiptVerifier.verify(fixture.bundle(), TrustedStart.of(fixture.chain())).verified())
        .isTrue();
  }

  @Test
  void nothingIsVerifiedFromNothing() {
    assertThatThrownBy(() -> new TrustedStart(Optional.empty(), Optional.empty()))
        .hasMessageContaining("nothing can be verified from nothing");
  }

  @Test
  void refusesALogOfAnotherKey() throws IOException {
    var other = LogKey.of(ReceiptFixture.ORIGIN, Ed25519Key.generate().publicKey());

    var verdict = ReceiptVerifier.verify(fixture.bundle(), TrustedStart.of(other));

    assertThat(verdict.failure()).map(Check::name).contains("signature");
  }

  /** A fork: another log of the same origin, honest in itself, which the chain has never seen. */
  @Test
  void refusesALogThatTheChainDoesNotKnow() throws IOException {
    var fork = new ReceiptFixture(ReceiptFixture.ANCHOR_LOG);

    var verdict = ReceiptVerifier.verify(fork.bundle(), TrustedStart.of(fixture.chain()));

    assertThat(verdict.failure()).map(Check::name).contains("anchor");
    assertThat(verdict.verified()).isFalse();
  }

  @Test
  void everyFlippedBitFailsACheckThatHasAName() throws IOException {
    byte[] bundle = fixture.bundle();
    var failures = new TreeMap<String, Integer>();
    for (int bit = 0; bit < 8 * bundle.length; bit++) {
      byte[] flipped = bundle.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));

      var failure = ReceiptVerifier.verify(flipped, start).failure();

      assertThat(failure).as("bit %d, near %s", bit, near(bundle, bit / 8)).isPresent();
      failures.merge(failure.orElseThrow().name(), 1, Integer::sum);
    }
    assertThat(failures.keySet())
        .contains("format", "document", "inclusion", "signature", "anchor", "consistency");
  }

  /** A verifier that believes the root in the file would pass this. */
  @Test
  void believesNoRootInTheFile() throws IOException {
    var honest = fixture.bundle(ReceiptFixture.transaction(), 77, ReceiptFixture.ANCHOR_LOG, 901);
    String forged =
        new String(fixture.bundle(), StandardCharsets.UTF_8)
            .replace(
                Objects.requireNonNull(honest.anchor()).root().toString(),
                Digest.of(new byte[0]).toString());

    var verdict = ReceiptVerifier.verify(forged.getBytes(StandardCharsets.UTF_8), start);

    assertThat(verdict.failure()).map(Check::name).contains("anchor");
  }

  @Test
  void refusesADocumentThatLacksAField() throws IOException {
    var bundle = (ObjectNode) Json.tree(fixture.bundle());
    ((ObjectNode) bundle.get("document")).remove("tasks");

    var verdict = ReceiptVerifier.verify(Json.write(bundle), start);

    assertThat(verdict.verified()).isFalse();
    assertThat(verdict.failure()).isPresent();
  }

  @Test
  void eachWitnessThatIsNamedMustHaveCosigned() throws IOException {
    var ada = Ed25519Key.generate();
    var bundle = (ObjectNode) Json.tree(fixture.bundle());
    var note = CheckpointNote.parse(bundle.get("checkpoint").textValue());
    var cosigned = WitnessKey.cosign("ada", ada, note.checkpoint(), 1_763_800_000L);
    bundle.put("checkpoint", note.with(List.of(cosigned)).text());
    byte[] json = Json.write(bundle);

    var named = ReceiptVerifier.verify(json, witnessed(ada));
    var other = ReceiptVerifier.verify(json, witnessed(Ed25519Key.generate()));
    var nobody = ReceiptVerifier.verify(json, start);
    var without = ReceiptVerifier.verify(fixture.bundle(), witnessed(ada));

    assertThat(named.verified()).isTrue();
    assertThat(named.checks().toString()).contains("cosigned by ada at 2025-11-22T08:26:40Z");
    assertThat(other.failure()).map(Check::name).contains("witnesses");
    assertThat(nobody.checks().toString()).contains("1 cosignatures, and no witness key is named");
    assertThat(nobody.verified()).isTrue();
    assertThat(without.failure()).map(Check::name).contains("witnesses");
  }

  private TrustedStart witnessed(Ed25519Key witness) {
    return new TrustedStart(
        start.logKey(), start.chain(), List.of(WitnessKey.of("ada", witness.publicKey())));
  }

  @Test
  void saysOfAForeignFileWhatItIsNotWithoutNamesOfOurCode() throws IOException {
    for (String foreign : List.of("hello", "[1]", "{}", "{\"version\":1}")) {
      var verdict = ReceiptVerifier.verify(foreign.getBytes(StandardCharsets.UTF_8), start);

      assertThat(verdict.failure().orElseThrow().reason())
          .contains("no receipt as receipt show JOB -o json prints it")
          .doesNotContain("xyz.openledger", "Exception", "invalid-request");
    }
  }

  private static String near(byte[] bundle, int at) {
    int from = Math.max(0, at - 20);
    int to = Math.min(bundle.length, at + 20);
    return new String(bundle, from, to - from, StandardCharsets.UTF_8);
  }
}
