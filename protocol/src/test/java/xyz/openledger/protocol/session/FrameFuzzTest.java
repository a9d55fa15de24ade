package xyz.openledger.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.protocol.node.v1.EnrolReply;
import xyz.openledger.protocol.node.v1.HubFrame;
import xyz.openledger.protocol.node.v1.NodeFrame;

/**
 * Whatever comes in place of a frame, from a node or from a member, is read or refused by name, and
 * breaks nothing.
 */
class FrameFuzzTest {
  private static final int INPUTS = Boolean.getBoolean("thorough") ? 10_000_000 : 100_000;
  private static final byte[] EDGES = {0, 1, -1, 127, -128, 8, 10, 18, 26, '/', '-'};

  private final SplittableRandom random = new SplittableRandom(81);

  @Test
  void framesOfNodesAreReadOrRefusedByName() throws Exception {
    List<byte[]> wholes = nodeFrames();
    int read = 0;
    for (int i = 0; i < INPUTS; i++) {
      if (reads(mutated(wholes.get(i % wholes.size())))) {
        read++;
      }
    }
    assertThat(read).isBetween(1, INPUTS - 1);
  }

  @Test
  void framesOfMembersAreReadOrRefusedByName() throws Exception {
    List<byte[]> wholes = hubFrames();
    int read = 0;
    for (int i = 0; i < INPUTS; i++) {
      if (heard(mutated(wholes.get(i % wholes.size())), i % wholes.size())) {
        read++;
      }
    }
    assertThat(read).isBetween(1, INPUTS - 1);
  }

  private static boolean reads(byte[] bytes) {
    try {
      NodeFrame frame = NodeFrame.parseFrom(bytes);
      switch (frame.getBodyCase()) {
        case HELLO -> NodeWire.hello(frame.getHello()).answers(ByteString.EMPTY);
        case HEARTBEAT -> NodeWire.heartbeat(frame.getHeartbeat());
        case WORDS -> NodeWire.words(frame.getWords());
        default -> NodeWire.message(frame);
      }
      // Whoever applies sends the bytes of a frame's size as well, under two signatures.
      return true;
    } catch (InvalidProtocolBufferException | ProblemException refused) {
      return false;
    } finally {
      applies(bytes);
    }
  }

  private static void applies(byte[] bytes) {
    try {
      NodeWire.application(ByteString.copyFrom(bytes));
    } catch (ProblemException refused) {
      assertThat(refused.detail()).isNotEmpty();
    }
  }

  private static boolean heard(byte[] bytes, int which) {
    try {
      if (which == 0) {
        HubWire.enrolled(EnrolReply.parseFrom(bytes));
        return true;
      }
      HubFrame frame = HubFrame.parseFrom(bytes);
      if (frame.hasWelcome()) {
        HubWire.welcome(frame.getWelcome());
      } else {
        HubWire.message(frame);
      }
      return true;
    } catch (InvalidProtocolBufferException | ProblemException refused) {
      return false;
    }
  }

  private List<byte[]> nodeFrames() {
    Lease lease = WireTest.lease(random);
    var reveal = WireTest.reveal(lease, random);
    var batch = RevealBatch.sign(List.of(reveal), WireTest.NODE, WireTest.COURT, WireTest.RESULT);
    var frames = new ArrayList<byte[]>();
    for (NodeMessage message :
        List.of(
            new NodeMessage.Committed(
                List.of(new Commit(lease.replica(), lease.fence(), Digest.of()))),
            new NodeMessage.Revealed(batch),
            new NodeMessage.Faulted(
                List.of(
                    new Fault(
                        lease.replica(), 7, Problem.DEADLINE_PASSED, "", WireTest.saved(random)))),
            new NodeMessage.CapacityAnswered(new CapacityAnswer(5, Digest.of())),
            new NodeMessage.Left(true))) {
      frames.add(NodeWire.frame(3, 2, message).toByteArray());
    }
    frames.add(NodeWire.frame(9, WireTest.hello(ByteString.copyFrom(new byte[32]))).toByteArray());
    frames.add(
        NodeWire.frame(9, new Heartbeat(3, 1, Heartbeat.State.READY, List.of(7L))).toByteArray());
    frames.add(NodeWire.frame(9, new Words(lease.replica(), 4, "and then")).toByteArray());
    var application =
        new EnrolApplication(
            "token",
            ByteString.copyFrom(Ed25519Key.of(new byte[32]).publicKey()),
            ByteString.copyFrom(WireTest.RESULT.publicKey()),
            WireTest.INVENTORY,
            WireTest.BENCHMARK,
            WireTest.TERMS);
    frames.add(NodeWire.encode(application).toByteArray());
    return frames;
  }

  private List<byte[]> hubFrames() {
    Lease lease = WireTest.lease(random);
    var frames = new ArrayList<byte[]>();
    var enrolled =
        new Enrolled(WireTest.NODE, WireTest.pool(), WireTest.RESULT.address(), WireTest.COURT);
    frames.add(HubWire.encode(enrolled).toByteArray());
    for (HubMessage message :
        List.of(
            new HubMessage.Leased(List.of(lease)),
            new HubMessage.RevealRequested(List.of(lease.replica())),
            new HubMessage.Cancelled(List.of(lease.replica())),
            new HubMessage.Noticed(
                List.of(new Notice(lease.replica(), lease.fence(), 30_000, "makes room"))),
            new HubMessage.CapacityAsked(new CapacityAsk(-6, 1 << 30)),
            new HubMessage.Drained(),
            new HubMessage.StandingChanged(new Standing(Standing.State.SUSPENDED, "look")))) {
      frames.add(HubWire.frame(3, 2, message).toByteArray());
    }
    var welcome =
        new Welcome(
            500,
            WireTest.COURT,
            "http://127.0.0.1:7400/blobs",
            "t",
            true,
            ByteString.copyFrom(new byte[16]),
            new Standing(Standing.State.READY, ""));
    frames.add(HubWire.frame(4, welcome).toByteArray());
    return frames;
  }

  /** Cuts, extends, flips, repeats a stretch, and puts edge values where tags and lengths stand. */
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
}
