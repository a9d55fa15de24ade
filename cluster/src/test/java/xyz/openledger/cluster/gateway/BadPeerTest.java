package xyz.openledger.cluster.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.nodes.session.GatewayChannel;
import xyz.openledger.nodes.session.PinnedTrust;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.protocol.keys.KeyFile;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.node.v1.HubFrame;
import xyz.openledger.protocol.node.v1.NodeFrame;
import xyz.openledger.protocol.node.v1.NodeGatewayGrpc;
import xyz.openledger.protocol.session.Commit;
import xyz.openledger.protocol.session.Handshake;
import xyz.openledger.protocol.session.Hello;
import xyz.openledger.protocol.session.HubMessage;
import xyz.openledger.protocol.session.Lease;
import xyz.openledger.protocol.session.NodeMessage;
import xyz.openledger.protocol.session.NodeWire;
import xyz.openledger.protocol.session.Reveal;
import xyz.openledger.protocol.session.RevealBatch;
import xyz.openledger.verification.Finding;
import xyz.openledger.verification.Reveals;

/** What the gateway makes of peers that do not keep to the protocol. */
class BadPeerTest {
  @TempDir Path folder;
  private Conversation conversation;
  private ManagedChannel channel;
  private final LinkedBlockingQueue<HubFrame> heard = new LinkedBlockingQueue<>();
  private StreamObserver<NodeFrame> stream;

  @BeforeEach
  void open() throws Exception {
    conversation = new Conversation(folder);
    channel =
        GatewayChannel.open(
            "127.0.0.1:" + conversation.gateway.port(),
            new PinnedTrust(conversation.authority.fingerprint()));
    stream = dial();
  }

  @AfterEach
  void close() throws Exception {
    channel.shutdownNow();
    conversation.close();
  }

  @Test
  void aStreamThatDoesNotBeginWithHelloIsEnded() throws Exception {
    next();
    stream.onNext(NodeWire.acknowledgement(0));

    assertThat(next().getGoodbye().getCode()).isEqualTo("protocol-violation");
  }

  @Test
  void aHelloUnderAnotherKeyIsRefused() throws Exception {
    var joined = conversation.join("ada", Conversation.terms("ada"));
    var stranger = Ed25519Key.generate();
    ByteString nonce = next().getNonce().getValue();
    Hello own = hello(stranger, nonce);
    var forged = NodeWire.frame(0, own).toBuilder();
    forged.getHelloBuilder().setNodeId(joined.node().value());
    stream.onNext(forged.build());

    assertThat(next().getGoodbye().getCode()).isEqualTo("protocol-violation");
    assertThat(conversation.directory.sessions).isEmpty();
  }

  @Test
  void aHelloThatAnswersAnOlderNonceIsRefused() throws Exception {
    conversation.join("ada", Conversation.terms("ada"));
    next();
    stream.onNext(NodeWire.frame(0, hello(key("ada"), ByteString.copyFrom(new byte[32]))));

    assertThat(next().getGoodbye().getCode()).isEqualTo("bad-signature");
  }

  @Test
  void aNodeThatNeverEnrolledIsForbidden() throws Exception {
    stream.onNext(NodeWire.frame(0, hello(Ed25519Key.generate(), next().getNonce().getValue())));

    assertThat(next().getGoodbye().getCode()).isEqualTo("forbidden");
    await().until(() -> conversation.gateway.sessions() == 0);
  }

  @Test
  void malformedFramesEndTheSessionByTheNameOfTheField() throws Exception {
    var session = greet("ada");

    stream.onNext(
        NodeFrame.newBuilder()
            .setSequence(1)
            .setCommits(
                xyz.openledger.protocol.node.v1.Commits.newBuilder()
                    .addCommits(
                        xyz.openledger.protocol.node.v1.Commit.newBuilder().setReplicaId("job-?")))
            .build());

    var goodbye = next().getGoodbye();
    assertThat(goodbye.getCode()).isEqualTo("protocol-violation");
    assertThat(goodbye.getDetail()).contains("commits[0]");
    await().until(() -> session.ending().equals(Optional.of(SessionSink.Ending.VIOLATED)));
  }

  @Test
  void aNumberThatWasLeftOutEndsTheSession() throws Exception {
    var session = greet("ada");

    stream.onNext(NodeWire.frame(2, 0, commit(0)));

    assertThat(next().getGoodbye().getDetail()).contains("expected frame 1, got 2");
    await().until(() -> session.ending().isPresent());
    assertThat(session.commits()).isEmpty();
  }

  @Test
  void aNumberThatCameBeforeChangesNothing() throws Exception {
    var session = greet("ada");

    stream.onNext(NodeWire.frame(1, 0, commit(0)));
    stream.onNext(NodeWire.frame(1, 0, commit(0)));
    stream.onNext(NodeWire.frame(2, 0, commit(1)));

    await().until(() -> session.commits().size() == 2);
    assertThat(session.commits().stream().map(Commit::replica))
        .containsExactly(Conversation.replica(0), Conversation.replica(1));
  }

  @Test
  void aBatchUnderAnotherKeyEndsTheSession() throws Exception {
    var session = greet("ada");
    var reveal = reveal(Conversation.lease(0, true));
    var batch =
        RevealBatch.sign(
            List.of(reveal), session.hello.node(), MemoryDirectory.COURT, Secp256k1Key.generate());

    stream.onNext(NodeWire.frame(1, 0, new NodeMessage.Revealed(batch)));

    assertThat(next().getGoodbye().getCode()).isEqualTo("bad-signature");
    assertThat(session.reveals()).isEmpty();
  }

  /** By the right key, for a contract or a chain that is not ours. */
  @Test
  void aSignatureForAnotherCourtEndsTheSession() throws Exception {
    var session = greet("ada");
    var elsewhere =
        new ResultStatement.Court(
            MemoryDirectory.COURT.chainId() + 1, MemoryDirectory.COURT.registry());
    var batch =
        RevealBatch.sign(
            List.of(reveal(Conversation.lease(0, true))),
            session.hello.node(),
            elsewhere,
            KeyFile.secp256k1(folder.resolve("ada/keys/node-result.pem")));

    stream.onNext(NodeWire.frame(1, 0, new NodeMessage.Revealed(batch)));

    assertThat(next().getGoodbye().getCode()).isEqualTo("bad-signature");
    assertThat(session.reveals()).isEmpty();
  }

  @Test
  void aSignatureOverOtherRevealsEndsTheSession() throws Exception {
    var session = greet("ada");
    var signed =
        RevealBatch.sign(
            List.of(reveal(Conversation.lease(0, true))),
            session.hello.node(),
            MemoryDirectory.COURT,
            KeyFile.secp256k1(folder.resolve("ada/keys/node-result.pem")));
    var shown = List.of(reveal(Conversation.lease(1, true)));
    var batch = new RevealBatch(shown, signed.root(), signed.signature());

    stream.onNext(NodeWire.frame(1, 0, new NodeMessage.Revealed(batch)));

    assertThat(next().getGoodbye().getCode()).isEqualTo("bad-signature");
    assertThat(session.reveals()).isEmpty();
  }

  /** Eve's frames are those of a real session; all that she has not done is the work. */
  @Test
  void aCommitmentCopiedFromAnotherNodeCannotBeOpenedEvenWithItsSalt() throws Exception {
    conversation.join("ada", Conversation.terms("ada"));
    conversation.start("ada", Conversation.echo());
    await().until(() -> conversation.directory.sessions.size() == 1);
    var ada = conversation.directory.last();
    ada.revealOnCommit = false;
    ada.lease(List.of(Conversation.lease(0, false)));
    await().until(() -> ada.commits().size() == 1);
    Digest copied = ada.commits().getFirst().commitment();
    var eve = greet("eve");
    eve.revealOnCommit = false;

    stream.onNext(
        NodeWire.frame(
            1,
            0,
            new NodeMessage.Committed(List.of(new Commit(Conversation.replica(1), 2, copied)))));
    await().until(() -> eve.commits().size() == 1);
    ada.hub.send(new HubMessage.RevealRequested(List.of(Conversation.replica(0))));
    await().until(() -> ada.reveals().size() == 1);
    Reveal hers = ada.reveals().getFirst();
    var same =
        new Reveal(
            Conversation.replica(1),
            2,
            hers.task(),
            hers.outcome(),
            hers.inlineOutput(),
            hers.salt(),
            1,
            "");
    var batch =
        RevealBatch.sign(
            List.of(same),
            eve.hello.node(),
            MemoryDirectory.COURT,
            KeyFile.secp256k1(folder.resolve("eve/keys/node-result.pem")));
    stream.onNext(NodeWire.frame(2, 0, new NodeMessage.Revealed(batch)));
    await().until(() -> eve.reveals().size() == 1);

    assertThat(judged(ada, hers, copied)).isInstanceOf(Finding.Ok.class);
    assertThat(judged(eve, eve.reveals().getFirst(), copied))
        .isEqualTo(
            new Finding.Refused(Problem.DIGEST_MISMATCH, "the reveal does not fit its commitment"));
  }

  /** As the rules of a job judge what a node showed of its lease. */
  private static Finding judged(MemoryDirectory.Session session, Reveal shown, Digest commitment) {
    return Reveals.reveal(
        new xyz.openledger.verification.Reveal.Expected(
            shown.replica(),
            session.hello.node(),
            shown.fence(),
            shown.task(),
            1_000,
            1 << 20,
            commitment),
        new xyz.openledger.verification.Reveal(
            shown.replica(),
            shown.fence(),
            shown.task(),
            shown.outcome(),
            Digest.wrap(shown.salt().toByteArray())));
  }

  @Test
  void aSenderIsHeldBackUntilTheNodeAcknowledges() throws Exception {
    var session = greet("ada");
    var message = new HubMessage.Cancelled(List.of(Conversation.replica(0)));

    int sent = 0;
    while (session.hub.send(message)) {
      sent++;
    }

    assertThat(sent).isEqualTo(GatewaySettings.loopback(0).outboundFramesMax());
    stream.onNext(NodeWire.acknowledgement(600));
    await().until(() -> session.timesWritable() > 0);
    assertThat(session.hub.send(message)).isTrue();
  }

  @Test
  void beyondTheMostSessionsNodesAreToldToComeBack() throws Exception {
    try (var small =
        new Conversation(folder.resolve("small"), GatewaySettings.loopback(0).withSessionsMax(1))) {
      small.join("ada", Conversation.terms("ada"));
      small.join("bob", Conversation.terms("bob"));
      var ada = small.start("ada", Conversation.echo());
      await().until(() -> small.directory.sessions.size() == 1);
      small.start("bob", Conversation.echo());
      await().pollDelay(200, TimeUnit.MILLISECONDS).until(() -> small.gateway.sessions() == 1);

      ada.close();

      await().until(() -> small.directory.sessions.size() == 2);
    }
  }

  private MemoryDirectory.Session greet(String name) throws Exception {
    conversation.join(name, Conversation.terms(name));
    stream.onNext(NodeWire.frame(0, hello(key(name), next().getNonce().getValue())));
    assertThat(next().hasWelcome()).isTrue();
    return conversation.directory.last();
  }

  private Ed25519Key key(String name) {
    return KeyFile.ed25519(folder.resolve(name).resolve("keys/node-transport.pem"));
  }

  private static Hello hello(Ed25519Key key, ByteString nonce) {
    NodeId node = NodeId.of(key.publicKey());
    var incarnation = ByteString.copyFrom(new byte[16]);
    return new Hello(
        node,
        ByteString.copyFrom(key.publicKey()),
        incarnation,
        ByteString.EMPTY,
        4,
        new ArrayList<>(),
        0,
        Conversation.INVENTORY,
        Conversation.BENCHMARK,
        Conversation.terms("ada"),
        true,
        ByteString.copyFrom(key.sign(Handshake.helloMessage(nonce, node, incarnation))));
  }

  private static Reveal reveal(Lease lease) {
    var outcome = new Outcome(Outcome.Status.FINISHED, 0, 1, Digest.of(), 0);
    return new Reveal(
        lease.replica(),
        lease.fence(),
        lease.task(),
        outcome,
        ByteString.EMPTY,
        ByteString.EMPTY,
        1,
        "");
  }

  private static NodeMessage commit(int number) {
    return new NodeMessage.Committed(
        List.of(new Commit(Conversation.replica(number), number + 1, Digest.of())));
  }

  private HubFrame next() throws InterruptedException {
    HubFrame frame = heard.poll(10, TimeUnit.SECONDS);
    assertThat(frame).isNotNull();
    return frame;
  }

  private StreamObserver<NodeFrame> dial() {
    return NodeGatewayGrpc.newStub(channel)
        .session(
            new StreamObserver<>() {
              @Override
              public void onNext(HubFrame frame) {
                heard.add(frame);
              }

              @Override
              public void onError(Throwable broken) {}

              @Override
              public void onCompleted() {}
            });
  }
}
