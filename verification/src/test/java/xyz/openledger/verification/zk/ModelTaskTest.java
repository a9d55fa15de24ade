package xyz.openledger.verification.zk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.Receipt;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.verification.ModelFindings;

/** Jobs that carry the proof of what a private model answers. */
class ModelTaskTest {
  private static final int INPUTS = Boolean.getBoolean("thorough") ? 100_000 : 2_000;

  private final ModelEvidence evidence = ModelVerdictTest.evidence();
  private final byte[] input = Json.canonical(evidence);
  private final ModelTask task = task(evidence.job(), ModelTask.FUEL);

  private ModelTask task(String words, long fuelMax) {
    return new ModelTask(ModelProgram.of(evidence), List.of(words), fuelMax, 4_096);
  }

  @Test
  void putsOutWhatWasProvenAndNothingThatIsPrivate() {
    ModelTask.Ending ending = task.run(input);
    assertThat(ending.status()).isEqualTo(Outcome.Status.FINISHED);
    assertThat(ending.exitCode()).isZero();
    assertThat(new String(ending.output(), UTF_8))
        .contains(evidence.model())
        .contains("\"ceremony\":\"development\"")
        .contains("\"job\":\"" + evidence.job() + "\"");
    assertThat(task.run(input).outcome()).isEqualTo(ending.outcome());
  }

  @Test
  void refusesEvidenceForOtherWordsAnotherModelOrWithADamagedProof() {
    assertThat(task("another job", ModelTask.FUEL).run(input).detail()).contains("is for");
    var elsewhere =
        new ModelTask(
            new ModelProgram(evidence.keys(), "0x" + "0".repeat(63) + "1"),
            List.of(evidence.job()),
            ModelTask.FUEL,
            4_096);
    assertThat(elsewhere.run(input).detail()).contains("another model");
    String text = new String(input, UTF_8);
    int at = text.indexOf("\"inference\":\"0x") + 40;
    String damaged =
        text.substring(0, at) + (text.charAt(at) == '1' ? '2' : '1') + text.substring(at + 1);
    ModelTask.Ending refused = task.run(damaged.getBytes(UTF_8));
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.detail()).startsWith("inference");
    assertThat(refused.output()).isEmpty();
  }

  @Test
  void endsWithoutFuelAndWithoutWordsAsOnEveryMachine() {
    assertThat(task(evidence.job(), ModelTask.FUEL - 1).run(input).status())
        .isEqualTo(Outcome.Status.FUEL_EXHAUSTED);
    assertThat(
            new ModelTask(ModelProgram.of(evidence), List.of(), ModelTask.FUEL, 4_096)
                .run(input)
                .exitCode())
        .isEqualTo(2);
  }

  /**
   * Cut, lengthened and changed documents; pairings are only reached by those that are well formed.
   */
  @Test
  void takesNoDamagedDocumentAndNeverBreaks() {
    var random = new SplittableRandom(61);
    for (int i = 0; i < INPUTS; i++) {
      byte[] damaged = input.clone();
      // Outside of the proofs' digits, where a change is seen before any pairing is computed.
      int at = random.nextInt(60);
      damaged[at] = (byte) random.nextInt();
      byte[] cut = java.util.Arrays.copyOf(damaged, random.nextInt(input.length));
      assertThat(task.run(cut).exitCode()).isEqualTo(1);
    }
  }

  @Test
  void readsOnlyTheOneFormOfAProgram() {
    byte[] program = ModelProgram.of(evidence).write();
    assertThat(ModelProgram.read(program)).isEqualTo(ModelProgram.of(evidence));
    byte[] later = program.clone();
    later[4] = 2;
    assertThatThrownBy(() -> ModelProgram.read(later)).isInstanceOf(ProblemException.class);
    assertThatThrownBy(() -> ModelProgram.read(java.util.Arrays.copyOf(program, 70)))
        .isInstanceOf(ProblemException.class);
    assertThat(ModelProgram.begin("{".getBytes(UTF_8))).isFalse();
  }

  @Test
  void areCheckedByTheMemberWhichKeepsTheProofForTheReceipt() {
    Receipt.ProductCheck right = ModelFindings.of(task, input, task.run(input).outcome());
    assertThat(right.holds()).isTrue();
    assertThat(right.evidence()).isEqualTo(new String(input, UTF_8));
    assertThat(right.errorLog2()).as("development keys bound nothing").isZero();
    assertThat(right.detail()).contains("INSECURE");
    var made =
        new Outcome(
            Outcome.Status.FINISHED,
            0,
            ModelTask.FUEL,
            xyz.openledger.protocol.Digest.of(new byte[1]),
            1);
    assertThat(ModelFindings.of(task, input, made).holds()).isFalse();
  }
}
