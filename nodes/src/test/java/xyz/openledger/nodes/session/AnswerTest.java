package xyz.openledger.nodes.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Test;
import xyz.openledger.models.onnx.OnnxBytes;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.session.Lease;

/** What a machine signs that its outcome is of. */
class AnswerTest {
  private static final byte[] MODEL = OnnxBytes.model(OnnxBytes.graph()).toBytes();
  private static final byte[] PROGRAM = {0, 'a', 's', 'm', 1, 0, 0, 0};

  @Test
  void workOfWhichTwoRunsMayDifferIsSignedForOneRun() {
    Digest first = Answer.stated(lease(0, 7), MODEL);

    assertThat(first).isNotEqualTo(lease(0, 7).task());
    assertThat(Answer.stated(lease(0, 8), MODEL)).isNotEqualTo(first);
    assertThat(Answer.stated(lease(1, 7), MODEL)).isNotEqualTo(first);
    assertThat(Answer.stated(lease(0, 7), MODEL)).isEqualTo(first);
  }

  @Test
  void exactWorkIsSignedForTheTask() {
    Lease profiled = lease(0, 7, "ort1.29.0-3c2f");

    assertThat(Answer.stated(lease(0, 7), PROGRAM)).isEqualTo(lease(1, 8).task());
    assertThat(Answer.stated(profiled, MODEL)).isEqualTo(profiled.task());
  }

  private static Lease lease(int number, long fence, String... arguments) {
    return new Lease(
        ReplicaId.parse("job-aaaaaaaaaaaaaaaaaaaaaaaaaa/0/r" + number),
        fence,
        Digest.of(),
        Digest.of(),
        List.of(arguments),
        Digest.of(),
        0,
        ByteString.EMPTY,
        1_000,
        1 << 20,
        1 << 10,
        1_000,
        true,
        1);
  }
}
