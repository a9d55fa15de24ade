package xyz.openledger.protocol.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.Outcome;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.SavedState;
import xyz.openledger.protocol.node.v1.Commits;
import xyz.openledger.protocol.node.v1.Faults;
import xyz.openledger.protocol.node.v1.Leaving;
import xyz.openledger.protocol.node.v1.NodeFrame;
import xyz.openledger.protocol.node.v1.OutcomeStatus;
import xyz.openledger.protocol.node.v1.Reveals;

/**
 * Between what a node says and its protobuf form. Decoding checks everything: what comes out of it
 * is well-formed, however wrong it may be.
 */
public final class NodeWire {
  /** About as many bytes as a saved state takes in its frame. */
  static final long SAVED_BYTES = 64;

  private NodeWire() {}

  /** The frame that carries a message under a number. */
  public static NodeFrame frame(long sequence, long acknowledged, NodeMessage message) {
    var frame = NodeFrame.newBuilder().setSequence(sequence).setAcknowledged(acknowledged);
    switch (message) {
      case NodeMessage.Committed(var commits) -> frame.setCommits(commits(commits));
      case NodeMessage.Revealed(var batch) -> frame.setReveals(reveals(batch));
      case NodeMessage.Faulted(var faults) -> frame.setFaults(faults(faults));
      case NodeMessage.CapacityAnswered(var answer) ->
          frame.setCapacityAnswer(
              xyz.openledger.protocol.node.v1.CapacityAnswer.newBuilder()
                  .setSeed(answer.seed())
                  .setDigest(ByteString.copyFrom(answer.digest().bytes())));
      case NodeMessage.Left(var permanent) ->
          frame.setLeaving(Leaving.newBuilder().setPermanent(permanent));
    }
    return frame.build();
  }

  /** About as many bytes as the frame of a message has. */
  public static long frameBytes(NodeMessage message) {
    return switch (message) {
      case NodeMessage.Committed(var commits) -> commits.size() * 96L;
      case NodeMessage.Revealed(var batch) ->
          batch.reveals().stream().mapToLong(NodeWire::revealBytes).sum();
      case NodeMessage.Faulted(var faults) ->
          faults.stream()
              .mapToLong(
                  fault ->
                      96L + fault.detail().length() + (fault.saved() == null ? 0 : SAVED_BYTES))
              .sum();
      case NodeMessage.CapacityAnswered _ -> 64L;
      case NodeMessage.Left _ -> 16L;
    };
  }

  /** About as many bytes as a reveal takes in its frame. */
  public static long revealBytes(Reveal reveal) {
    ByteString output = reveal.inlineOutput();
    return 226L
        + reveal.detail().length()
        + reveal.attestation().length()
        + (output == null ? 0 : output.size());
  }

  /** An unnumbered frame that carries only an acknowledgement. */
  public static NodeFrame acknowledgement(long acknowledged) {
    return NodeFrame.newBuilder().setAcknowledged(acknowledged).build();
  }

  /** The unnumbered frame of a heartbeat. */
  public static NodeFrame frame(long acknowledged, Heartbeat heartbeat) {
    return NodeFrame.newBuilder()
        .setAcknowledged(acknowledged)
        .setHeartbeat(
            xyz.openledger.protocol.node.v1.Heartbeat.newBuilder()
                .setCredits(heartbeat.credits())
                .setRunning(heartbeat.running())
                .setState(heartbeat.state().text())
                .addAllWarm(heartbeat.warm()))
        .build();
  }

  /** The unnumbered frame of a part of an answer's text. */
  public static NodeFrame frame(long acknowledged, Words words) {
    return NodeFrame.newBuilder()
        .setAcknowledged(acknowledged)
        .setWords(
            xyz.openledger.protocol.node.v1.Words.newBuilder()
                .setReplicaId(words.replica().toString())
                .setPosition(words.position())
                .setText(words.text()))
        .build();
  }

  /** The part of an answer's text in an unnumbered frame. */
  public static Words words(xyz.openledger.protocol.node.v1.Words words) {
    return new Words(ReplicaId.parse(words.getReplicaId()), words.getPosition(), words.getText());
  }

  /** The unnumbered frame that opens a stream. */
  public static NodeFrame frame(long acknowledged, Hello hello) {
    var body =
        xyz.openledger.protocol.node.v1.Hello.newBuilder()
            .setNodeId(hello.node().value())
            .setProtocolVersion(SessionLimits.PROTOCOL_VERSION)
            .setTransportKey(hello.transportKey())
            .setIncarnation(hello.incarnation())
            .setSession(hello.session())
            .setCredits(hello.credits())
            .setFenceSeen(hello.fenceSeen())
            .setInventory(ProfileWire.encode(hello.inventory()))
            .setBenchmark(ProfileWire.encode(hello.benchmark()))
            .setTerms(ProfileWire.encode(hello.terms()))
            .setHearsNotices(hello.hearsNotices())
            .setSignature(hello.signature());
    hello.held().forEach(replica -> body.addHeldReplicas(replica.toString()));
    return NodeFrame.newBuilder().setAcknowledged(acknowledged).setHello(body).build();
  }

  /**
   * The message in a numbered frame.
   *
   * @throws ProblemException {@code invalid-request} naming the field if it is malformed
   */
  public static NodeMessage message(NodeFrame frame) {
    return switch (frame.getBodyCase()) {
      case COMMITS ->
          new NodeMessage.Committed(
              entries(frame.getCommits().getCommitsList(), "commits", NodeWire::commit));
      case REVEALS -> new NodeMessage.Revealed(batch(frame.getReveals()));
      case FAULTS ->
          new NodeMessage.Faulted(
              entries(frame.getFaults().getFaultsList(), "faults", NodeWire::fault));
      case CAPACITY_ANSWER ->
          new NodeMessage.CapacityAnswered(
              new CapacityAnswer(
                  frame.getCapacityAnswer().getSeed(),
                  Digest.wrap(frame.getCapacityAnswer().getDigest().toByteArray())));
      case LEAVING -> new NodeMessage.Left(frame.getLeaving().getPermanent());
      case HELLO, HEARTBEAT, WORDS, BODY_NOT_SET ->
          throw Check.refusal("body", frame.getBodyCase() + " is not a numbered message");
    };
  }

  /** The heartbeat in an unnumbered frame. */
  public static Heartbeat heartbeat(xyz.openledger.protocol.node.v1.Heartbeat heartbeat) {
    return new Heartbeat(
        heartbeat.getCredits(),
        heartbeat.getRunning(),
        Heartbeat.State.parse(heartbeat.getState()),
        heartbeat.getWarmList());
  }

  /** The hello that opens a stream. */
  public static Hello hello(xyz.openledger.protocol.node.v1.Hello hello) {
    Check.range(
        "protocolVersion",
        hello.getProtocolVersion(),
        SessionLimits.PROTOCOL_VERSION,
        SessionLimits.PROTOCOL_VERSION);
    return new Hello(
        NodeId.parse(hello.getNodeId()),
        hello.getTransportKey(),
        hello.getIncarnation(),
        hello.getSession(),
        hello.getCredits(),
        hello.getHeldReplicasList().stream().map(ReplicaId::parse).toList(),
        hello.getFenceSeen(),
        ProfileWire.inventory(hello.getInventory()),
        ProfileWire.benchmark(hello.getBenchmark()),
        ProfileWire.terms(hello.getTerms()),
        hello.getHearsNotices(),
        hello.getSignature());
  }

  static xyz.openledger.protocol.node.v1.EnrolApplication encode(EnrolApplication application) {
    return xyz.openledger.protocol.node.v1.EnrolApplication.newBuilder()
        .setClaimToken(application.claimToken())
        .setTransportKey(application.transportKey())
        .setResultKey(application.resultKey())
        .setInventory(ProfileWire.encode(application.inventory()))
        .setBenchmark(ProfileWire.encode(application.benchmark()))
        .setTerms(ProfileWire.encode(application.terms()))
        .build();
  }

  static EnrolApplication application(ByteString bytes) {
    xyz.openledger.protocol.node.v1.EnrolApplication application;
    try {
      application = xyz.openledger.protocol.node.v1.EnrolApplication.parseFrom(bytes);
    } catch (InvalidProtocolBufferException malformed) {
      throw Check.refusal("application", "is not an EnrolApplication");
    }
    return new EnrolApplication(
        application.getClaimToken(),
        application.getTransportKey(),
        application.getResultKey(),
        ProfileWire.inventory(application.getInventory()),
        ProfileWire.benchmark(application.getBenchmark()),
        ProfileWire.terms(application.getTerms()));
  }

  private static Commits.Builder commits(List<Commit> commits) {
    var body = Commits.newBuilder();
    for (Commit commit : commits) {
      body.addCommits(
          xyz.openledger.protocol.node.v1.Commit.newBuilder()
              .setReplicaId(commit.replica().toString())
              .setFence(commit.fence())
              .setCommitment(ByteString.copyFrom(commit.commitment().bytes())));
    }
    return body;
  }

  private static Commit commit(xyz.openledger.protocol.node.v1.Commit commit) {
    return new Commit(
        ReplicaId.parse(commit.getReplicaId()),
        commit.getFence(),
        Digest.wrap(commit.getCommitment().toByteArray()));
  }

  private static Reveals.Builder reveals(RevealBatch batch) {
    var body =
        Reveals.newBuilder()
            .setRoot(ByteString.copyFrom(batch.root().bytes()))
            .setSignature(batch.signature());
    batch.reveals().forEach(reveal -> body.addReveals(encode(reveal)));
    return body;
  }

  private static xyz.openledger.protocol.node.v1.Reveal.Builder encode(Reveal reveal) {
    Outcome outcome = reveal.outcome();
    ByteString output = reveal.inlineOutput();
    return xyz.openledger.protocol.node.v1.Reveal.newBuilder()
        .setReplicaId(reveal.replica().toString())
        .setFence(reveal.fence())
        .setTask(ByteString.copyFrom(reveal.task().bytes()))
        .setStatusValue(outcome.status().code())
        .setExitCode(outcome.exitCode())
        .setFuelUsed(outcome.fuelUsed())
        .setOutputDigest(ByteString.copyFrom(outcome.outputDigest().bytes()))
        .setOutputBytes(outcome.outputBytes())
        .setOutput(output == null ? ByteString.EMPTY : output)
        .setSalt(reveal.salt())
        .setCpuMicros(reveal.cpuMicros())
        .setDetail(reveal.detail())
        .setAttestation(reveal.attestation());
  }

  private static RevealBatch batch(Reveals reveals) {
    return new RevealBatch(
        entries(reveals.getRevealsList(), "reveals", NodeWire::reveal),
        Digest.wrap(reveals.getRoot().toByteArray()),
        reveals.getSignature());
  }

  private static Reveal reveal(xyz.openledger.protocol.node.v1.Reveal reveal) {
    return new Reveal(
        ReplicaId.parse(reveal.getReplicaId()),
        reveal.getFence(),
        Digest.wrap(reveal.getTask().toByteArray()),
        new Outcome(
            status(reveal.getStatus()),
            reveal.getExitCode(),
            reveal.getFuelUsed(),
            Digest.wrap(reveal.getOutputDigest().toByteArray()),
            reveal.getOutputBytes()),
        inline(reveal.getOutput(), reveal.getOutputBytes()),
        reveal.getSalt(),
        reveal.getCpuMicros(),
        reveal.getDetail(),
        reveal.getAttestation());
  }

  /** An empty content is always inline; that of another length only if it is there. */
  static @Nullable ByteString inline(ByteString content, long bytes) {
    return content.isEmpty() && bytes != 0 ? null : content;
  }

  private static Outcome.Status status(OutcomeStatus status) {
    return switch (status) {
      case FINISHED -> Outcome.Status.FINISHED;
      case TRAPPED -> Outcome.Status.TRAPPED;
      case FUEL_EXHAUSTED -> Outcome.Status.FUEL_EXHAUSTED;
      case OUTPUT_EXCEEDED -> Outcome.Status.OUTPUT_EXCEEDED;
      case OUTCOME_STATUS_UNSPECIFIED, UNRECOGNIZED ->
          throw Check.refusal("status", "is not one of the four known");
    };
  }

  private static Faults.Builder faults(List<Fault> faults) {
    var body = Faults.newBuilder();
    for (Fault fault : faults) {
      var entry =
          xyz.openledger.protocol.node.v1.Fault.newBuilder()
              .setReplicaId(fault.replica().toString())
              .setFence(fault.fence())
              .setCode(fault.problem().code())
              .setDetail(fault.detail());
      if (fault.saved() != null) {
        entry.setSaved(encode(fault.saved()));
      }
      body.addFaults(entry);
    }
    return body;
  }

  static xyz.openledger.protocol.node.v1.SavedState encode(SavedState saved) {
    return xyz.openledger.protocol.node.v1.SavedState.newBuilder()
        .setBlob(ByteString.copyFrom(saved.blob().bytes()))
        .setStep(saved.step())
        .setFuel(saved.fuel())
        .build();
  }

  static SavedState saved(xyz.openledger.protocol.node.v1.SavedState saved) {
    return new SavedState(
        Digest.wrap(saved.getBlob().toByteArray()), saved.getStep(), saved.getFuel());
  }

  private static Fault fault(xyz.openledger.protocol.node.v1.Fault fault) {
    return new Fault(
        ReplicaId.parse(fault.getReplicaId()),
        fault.getFence(),
        Problem.parse(fault.getCode()),
        fault.getDetail(),
        fault.hasSaved() ? saved(fault.getSaved()) : null);
  }

  /** Decodes a list; a refusal names the entry. */
  static <P, T> List<T> entries(List<P> encoded, String field, Function<P, T> decode) {
    Check.size(field, encoded, 1, SessionLimits.ENTRIES_MAX);
    var decoded = new ArrayList<T>(encoded.size());
    for (int i = 0; i < encoded.size(); i++) {
      P entry = encoded.get(i);
      decoded.add(within(field + "[" + i + "]", () -> decode.apply(entry)));
    }
    return decoded;
  }

  static <T> T within(String field, Supplier<T> decode) {
    try {
      return decode.get();
    } catch (ProblemException refused) {
      throw refused.within(field);
    }
  }
}
