package xyz.openledger.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Commitment;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.SavedState;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.node.v1.EnrolRequest;
import xyz.openledger.protocol.node.v1.NodeFrame;

class WireTest {
  static final ResultStatement.Court COURT =
      new ResultStatement.Court(901, Address.of(new byte[20]));
  static final Ed25519Key TRANSPORT = Ed25519Key.of(new byte[32]);
  static final Secp256k1Key RESULT = Secp256k1Key.of(seed(1));
  static final NodeId NODE = NodeId.of(TRANSPORT.publicKey());
  static final Terms TERMS =
      new Terms(
          "attic-pc",
          5,
          2,
          256 << 20,
          50,
          "eu",
          40,
          65,
          QuietHours.parse("22:00-07:00"),
          Map.of("gpu", "none"));
  static final Inventory INVENTORY =
      new Inventory(
          "Linux 6",
          "amd64",
          "A CPU",
          List.of("avx2"),
          2,
          1L << 33,
          1L << 34,
          List.of(),
          "bubblewrap",
          "0.1.0",
          List.of("accelerators: none found"));
  static final Benchmark BENCHMARK = new Benchmark(1_000_000_000, 300, 40_000_000L);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whatIsSaidIsWhatIsHeard(long seed) throws Exception {
    var random = new SplittableRandom(seed);
    var lease = lease(random);
    for (HubMessage message :
        List.of(
            new HubMessage.Leased(List.of(lease, lease(random))),
            new HubMessage.RevealRequested(List.of(lease.replica())),
            new HubMessage.Cancelled(List.of(lease.replica())),
            new HubMessage.Noticed(
                List.of(new Notice(lease.replica(), lease.fence(), 30_000, "makes room"))),
            new HubMessage.CapacityAsked(new CapacityAsk(-seed, 1 << 30)),
            new HubMessage.Drained(),
            new HubMessage.StandingChanged(new Standing(Standing.State.SUSPENDED, "look at it")))) {
      assertThat(HubWire.message(HubWire.frame(3, 2, message))).isEqualTo(message);
      assertThat(HubWire.frame(3, 2, message).getSerializedSize())
          .isLessThanOrEqualTo((int) HubWire.frameBytes(message) + 64);
    }
    var reveal = reveal(lease, random);
    var batch = RevealBatch.sign(List.of(reveal), NODE, COURT, RESULT);
    for (NodeMessage message :
        List.of(
            new NodeMessage.Committed(
                List.of(new Commit(lease.replica(), lease.fence(), Digest.of()))),
            new NodeMessage.Revealed(batch),
            new NodeMessage.Faulted(
                List.of(
                    new Fault(lease.replica(), 7, Problem.STALE_FENCE, "late"),
                    new Fault(lease.replica(), 7, Problem.DEADLINE_PASSED, "", saved(random)))),
            new NodeMessage.CapacityAnswered(new CapacityAnswer(-seed, Digest.of())),
            new NodeMessage.Left(true))) {
      var frame = NodeFrame.parseFrom(NodeWire.frame(3, 2, message).toByteArray());
      assertThat(NodeWire.message(frame)).isEqualTo(message);
      assertThat(frame.getSerializedSize())
          .isLessThanOrEqualTo((int) NodeWire.frameBytes(message) + 128);
    }
  }

  @Test
  void anApplicationIsHeardOnlyUnderBothSignatures() {
    var application =
        new EnrolApplication(
            "token",
            ByteString.copyFrom(TRANSPORT.publicKey()),
            ByteString.copyFrom(RESULT.publicKey()),
            INVENTORY,
            BENCHMARK,
            TERMS);

    EnrolRequest request = Handshake.sign(application, TRANSPORT, RESULT);

    assertThat(Handshake.verify(request)).isEqualTo(application);
    for (EnrolRequest forged :
        List.of(
            Handshake.sign(application, Ed25519Key.generate(), RESULT),
            Handshake.sign(application, TRANSPORT, Secp256k1Key.generate()))) {
      assertThatThrownBy(() -> Handshake.verify(forged))
          .isInstanceOfSatisfying(
              ProblemException.class,
              refused -> assertThat(refused.problem()).isEqualTo(Problem.BAD_SIGNATURE));
    }
    var enrolled = new Enrolled(NODE, pool(), RESULT.address(), COURT);
    assertThat(HubWire.enrolled(HubWire.encode(enrolled))).isEqualTo(enrolled);
  }

  @Test
  void aHelloAnswersItsOwnNonceOnly() {
    var nonce = ByteString.copyFrom(seed(5));
    var hello = hello(nonce);
    var heard = NodeWire.hello(NodeWire.frame(9, hello).getHello());

    assertThat(heard).isEqualTo(hello);
    assertThat(heard.answers(nonce)).isTrue();
    assertThat(heard.answers(ByteString.copyFrom(seed(6)))).isFalse();
    var welcome =
        new Welcome(
            500,
            COURT,
            "http://127.0.0.1:7400/blobs",
            "t",
            true,
            ByteString.copyFrom(new byte[16]),
            new Standing(Standing.State.READY, ""));
    assertThat(HubWire.welcome(HubWire.frame(4, welcome).getWelcome())).isEqualTo(welcome);
  }

  @Test
  void aSignatureCoversItsOwnRevealsOnly() {
    var random = new SplittableRandom(4);
    var lease = lease(random);
    var reveal = reveal(lease, random);
    var batch = RevealBatch.sign(List.of(reveal), NODE, COURT, RESULT);

    assertThat(batch.isSignedBy(RESULT.address(), NODE, COURT)).isTrue();
    assertThat(batch.isSignedBy(Secp256k1Key.of(seed(2)).address(), NODE, COURT)).isFalse();
    var another = List.of(reveal(lease(random), random));
    assertThat(
            new RevealBatch(another, batch.root(), batch.signature())
                .isSignedBy(RESULT.address(), NODE, COURT))
        .isFalse();
    Digest commitment =
        Commitment.of(
            lease.replica(), NODE, reveal.outcome().digest(), reveal.salt().toByteArray());
    assertThat(reveal.opens(commitment, NODE)).isTrue();
    assertThat(reveal.opens(Digest.of(), NODE)).isFalse();
  }

  @Test
  void whatIsMalformedIsRefusedByTheNameOfItsField() {
    var frame =
        NodeFrame.newBuilder()
            .setCommits(
                xyz.openledger.protocol.node.v1.Commits.newBuilder()
                    .addCommits(
                        xyz.openledger.protocol.node.v1.Commit.newBuilder()
                            .setReplicaId("job-nonsense")))
            .build();

    assertThatThrownBy(() -> NodeWire.message(frame)).hasMessageContaining("commits[0]");
    assertThatThrownBy(() -> NodeWire.message(NodeFrame.getDefaultInstance()))
        .hasMessageContaining("body");
  }

  @Test
  void aSavedStateThatCannotBeIsRefusedByTheNameOfItsField() {
    var saved = xyz.openledger.protocol.node.v1.SavedState.newBuilder();
    saved.setBlob(ByteString.copyFrom(new byte[32])).setFuel(1);
    for (int step : new int[] {0, -1, SavedState.STEP_MAX + 1}) {
      var fault =
          xyz.openledger.protocol.node.v1.Fault.newBuilder()
              .setReplicaId("job-aaaaaaaaaaaaaaaaaaaaaaaaaa/0/r1")
              .setFence(1)
              .setCode("deadline-passed")
              .setSaved(saved.setStep(step));
      var frame =
          NodeFrame.newBuilder()
              .setFaults(xyz.openledger.protocol.node.v1.Faults.newBuilder().addFaults(fault));

      assertThatThrownBy(() -> NodeWire.message(frame.build()))
          .hasMessageContaining("faults[0].step");
    }
    assertThatThrownBy(() -> NodeWire.saved(saved.setBlob(ByteString.EMPTY).setStep(1).build()))
        .isInstanceOf(ProblemException.class);
  }

  static Hello hello(ByteString nonce) {
    var incarnation = ByteString.copyFrom(new byte[16]);
    return new Hello(
        NODE,
        ByteString.copyFrom(TRANSPORT.publicKey()),
        incarnation,
        ByteString.EMPTY,
        4,
        List.of(lease(new SplittableRandom(1)).replica()),
        77,
        INVENTORY,
        BENCHMARK,
        TERMS,
        true,
        ByteString.copyFrom(TRANSPORT.sign(Handshake.helloMessage(nonce, NODE, incarnation))));
  }

  static Lease lease(SplittableRandom random) {
    var input = bytes(random, random.nextInt(3) * 100);
    boolean inline = random.nextBoolean();
    return new Lease(
        ReplicaId.parse("job-aaaaaaaaaaaaaaaaaaaaaaaaaa/0/r" + random.nextInt(1_000)),
        random.nextLong(1, 1_000),
        Digest.of(bytes(random, 8).toByteArray()),
        Digest.of(bytes(random, 8).toByteArray()),
        List.of("--steps", "" + random.nextInt()),
        Digest.of(input.toByteArray()),
        input.size(),
        inline || input.isEmpty() ? input : null,
        random.nextLong(1, 1L << 40),
        1 << 20,
        1 << 16,
        30_000,
        random.nextBoolean(),
        12,
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextLong(),
        random.nextBoolean() ? saved(random) : null);
  }

  static SavedState saved(SplittableRandom random) {
    return new SavedState(
        Digest.of(bytes(random, 8).toByteArray()),
        random.nextInt(1, 100),
        random.nextLong(1, 1L << 40));
  }

  static Reveal reveal(Lease lease, SplittableRandom random) {
    var output = bytes(random, random.nextInt(200));
    return new Reveal(
        lease.replica(),
        lease.fence(),
        lease.task(),
        new Outcome(
            Outcome.Status.FINISHED, -3, 1_234, Digest.of(output.toByteArray()), output.size()),
        output,
        bytes(random, 32),
        99,
        "detail");
  }

  static PoolId pool() {
    return PoolId.parse("pool-aaaaaaaaaaaaaaaaaaaaaaaaaa");
  }

  private static ByteString bytes(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  private static byte[] seed(int value) {
    byte[] seed = new byte[32];
    seed[31] = (byte) value;
    return seed;
  }
}
