package xyz.openledger.verification.tee;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.verification.dispute.Checkpoints;
import xyz.openledger.verification.toploc.ActivationEvidence;
import xyz.openledger.verification.toploc.ActivationProof;
import xyz.openledger.verification.toploc.Activations;
import xyz.openledger.verification.zk.ModelEvidence;
import xyz.openledger.verification.zk.ModelProgram;

/**
 * Whatever comes in place of evidence is read or refused by the refusal of its reader, and breaks
 * nothing. What is cryptography beyond the form is tried elsewhere, as it takes milliseconds each.
 */
class EvidenceFuzzTest {
  private static final int INPUTS = Boolean.getBoolean("thorough") ? 10_000_000 : 100_000;
  private static final int READERS = 8;
  private static final int[] OTHERS = {0, 1, 3, 4, 5, 6, 7};
  private static final int QUOTE_EACH = 101;
  private static final byte[] EDGES = {0, 1, -1, 127, -128, '"', '{', '}', '\\', ','};

  private final SplittableRandom random = new SplittableRandom(71);

  @Test
  void everyReaderRefusesOrReadsAndNeverBreaks() throws Exception {
    var evidence = SimulatedChip.open().evidence(Digest.of(new byte[1]));
    byte[] quote = resource("simulated-quote.bin");
    byte[] proof = ActivationProof.of(activations()).bytes();
    byte[] model = Files.readAllBytes(Path.of("src/test/resources/zk/evidence.json"));
    byte[][] wholes = {
      evidence.text().getBytes(UTF_8),
      Base64.getDecoder().decode(evidence.report()),
      quote,
      proof,
      ModelProgram.of(ModelEvidence.read(model)).write(),
      model,
      new Checkpoints(
              List.of(
                  new Checkpoints.At(1, Digest.of(new byte[1])),
                  new Checkpoints.At(7, Digest.of(new byte[2]))))
          .behind("out".getBytes(UTF_8)),
      activationEvidence(proof).getBytes(UTF_8)
    };
    var read = new int[READERS];
    for (int i = 0; i < INPUTS; i++) {
      // A quote brings certificates, which take a hundred times as long as the rest.
      int reader = i % QUOTE_EACH == 0 ? 2 : OTHERS[i % OTHERS.length];
      byte[] bytes = mutated(wholes[reader]);
      if (reads(reader, bytes)) {
        read[reader]++;
      }
    }
    for (int count : read) {
      assertThat(count).isBetween(1, INPUTS / OTHERS.length - 1);
    }
  }

  private static boolean reads(int reader, byte[] bytes) {
    try {
      switch (reader) {
        case 0 -> AttestationEvidence.read(new String(bytes, UTF_8));
        case 1 -> SnpReport.read(bytes).measurement();
        case 2 -> TdxQuote.read(bytes).measurement();
        case 3 -> assertThat(ActivationProof.read(bytes).bytes()).isEqualTo(bytes);
        case 4 -> assertThat(ModelProgram.read(bytes).write()).isEqualTo(bytes);
        case 5 -> ModelEvidence.read(bytes);
        case 6 -> {
          var traced = Checkpoints.read(bytes).orElse(null);
          if (traced == null) {
            return false;
          }
          assertThat(traced.checkpoints().behind(traced.output())).isEqualTo(bytes);
        }
        default -> ActivationEvidence.read(new String(bytes, UTF_8)).shown().getFirst().likeness();
      }
      return true;
    } catch (ProblemException | Refusal refused) {
      return false;
    } catch (IllegalArgumentException refused) {
      // By this alone the reader of activations refuses.
      assertThat(reader).isIn(3, 7);
      return false;
    }
  }

  /**
   * Cuts, extends, flips, repeats a stretch, and puts edge values where lengths and quotes stand.
   */
  private byte[] mutated(byte[] whole) {
    byte[] bytes = whole.clone();
    for (int times = random.nextInt(1, 4); times > 0 && bytes.length > 0; times--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes = Arrays.copyOf(bytes, at);
        case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 40));
        case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 3 -> bytes[at] = EDGES[random.nextInt(EDGES.length)];
        case 4 -> {
          int length = Math.min(random.nextInt(1, 64), bytes.length - at);
          int from = random.nextInt(bytes.length - length + 1);
          System.arraycopy(bytes, from, bytes, at, length);
        }
        default -> bytes[at] = (byte) random.nextInt();
      }
    }
    return bytes;
  }

  private static String activationEvidence(byte[] proof) {
    var values = new float[512];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * (i % 2 == 0 ? 0.25f : -0.5f) + 1;
    }
    var largest = Activations.largest(values, ActivationProof.LARGEST);
    return new ActivationEvidence(
            1,
            0,
            32,
            List.of(
                ActivationEvidence.chunk(0, Base64.getEncoder().encodeToString(proof), largest)))
        .text();
  }

  private float[] activations() {
    var values = new float[512];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextDouble() * 8 - 4);
    }
    return values;
  }

  private static byte[] resource(String name) throws Exception {
    return Files.readAllBytes(Path.of("../cluster/src/main/resources/tee", name));
  }
}
