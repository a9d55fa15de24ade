package xyz.openledger.verification.dispute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;

class CheckpointsTest {
  @Test
  void whatWasWrittenIsReadAndNothingElseIs() {
    var random = new SplittableRandom(7);
    int read = 0;
    for (int i = 0; i < 5_000; i++) {
      var output = new byte[random.nextInt(40)];
      random.nextBytes(output);
      var checkpoints = drawn(random, random.nextInt(1, 5));
      byte[] bytes = checkpoints.behind(output);
      var traced = Checkpoints.read(bytes).orElseThrow();
      assertThat(traced.output()).isEqualTo(output);
      assertThat(traced.checkpoints()).isEqualTo(checkpoints);

      byte[] cut = Arrays.copyOfRange(bytes, random.nextInt(bytes.length), bytes.length);
      assertThat(Checkpoints.read(Arrays.copyOf(bytes, bytes.length - 1))).isEmpty();
      read += Checkpoints.read(cut).isPresent() ? 1 : 0;
      byte[] mutated = bytes.clone();
      mutated[random.nextInt(mutated.length)] ^= (byte) random.nextInt(1, 256);
      // Whatever it is read as, it is another thing than was written, and no exception.
      Checkpoints.read(mutated)
          .ifPresent(
              other -> assertThat(other.checkpoints().behind(other.output())).isEqualTo(mutated));
    }
    assertThat(read).isBetween(1, 4_999);
  }

  @Test
  void findsTheFirstPlaceWhereALiarPartsFromTheHonestRun() {
    var random = new SplittableRandom(11);
    for (int i = 0; i < 5_000; i++) {
      var honest = drawn(random, random.nextInt(1, 65));
      int from = random.nextInt(honest.all().size() + 1);
      var lie = new ArrayList<>(honest.all());
      for (int j = from; j < lie.size(); j++) {
        lie.set(j, new Checkpoints.At(lie.get(j).fuelUsed(), digest("lie " + i + " " + j)));
      }
      var difference = honest.firstDifference(new Checkpoints(lie));

      assertThat(difference.index()).isEqualTo(from);
      assertThat(difference.agreedFuel())
          .isEqualTo(from == 0 ? 0 : honest.all().get(from - 1).fuelUsed());
      assertThat(difference.fuel()).isGreaterThanOrEqualTo(difference.agreedFuel());
    }
  }

  @Test
  void aLiarThatStopsEarlyPartsWhereItStops() {
    var honest = drawn(new SplittableRandom(1), 9);
    var early = new Checkpoints(honest.all().subList(0, 4));

    assertThat(honest.firstDifference(early).index()).isEqualTo(4);
  }

  private static Checkpoints drawn(SplittableRandom random, int count) {
    List<Checkpoints.At> all = new ArrayList<>();
    long fuel = 0;
    for (int i = 0; i < count; i++) {
      fuel += random.nextInt(1, 1_000_000);
      all.add(new Checkpoints.At(fuel, digest("state " + random.nextLong())));
    }
    return new Checkpoints(all);
  }

  private static Digest digest(String text) {
    return Digest.of(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
