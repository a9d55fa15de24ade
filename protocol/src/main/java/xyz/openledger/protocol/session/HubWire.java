package xyz.openledger.protocol.session;

import com.google.protobuf.ByteString;
import java.util.List;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.NodeId;
import xyz.openledger.protocol.PoolId;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.node.v1.Cancels;
import xyz.openledger.protocol.node.v1.ChainReference;
import xyz.openledger.protocol.node.v1.Drain;
import xyz.openledger.protocol.node.v1.EnrolReply;
import xyz.openledger.protocol.node.v1.Goodbye;
import xyz.openledger.protocol.node.v1.HubFrame;
import xyz.openledger.protocol.node.v1.Leases;
import xyz.openledger.protocol.node.v1.Nonce;
import xyz.openledger.protocol.node.v1.Notices;
import xyz.openledger.protocol.node.v1.RevealRequests;

/** Between what a member says and its protobuf form. Decoding checks everything. */
public final class HubWire {
  private HubWire() {}

  /** The frame that carries a message under a number. */
  public static HubFrame frame(long sequence, long acknowledged, HubMessage message) {
    var frame = HubFrame.newBuilder().setSequence(sequence).setAcknowledged(acknowledged);
    switch (message) {
      case HubMessage.Leased(var leases) -> frame.setLeases(leases(leases));
      case HubMessage.RevealRequested(var replicas) ->
          frame.setRevealRequests(RevealRequests.newBuilder().addAllReplicaIds(texts(replicas)));
      case HubMessage.Cancelled(var replicas) ->
          frame.setCancels(Cancels.newBuilder().addAllReplicaIds(texts(replicas)));
      case HubMessage.Noticed(var notices) -> frame.setNotices(notices(notices));
      case HubMessage.CapacityAsked(var ask) ->
          frame.setCapacityAsk(
              xyz.openledger.protocol.node.v1.CapacityAsk.newBuilder()
                  .setSeed(ask.seed())
                  .setSteps(ask.steps()));
      case HubMessage.Drained _ -> frame.setDrain(Drain.getDefaultInstance());
      case HubMessage.StandingChanged(var standing) -> frame.setStanding(encode(standing));
    }
    return frame.build();
  }

  /** About as many bytes as the frame of a message has. */
  public static long frameBytes(HubMessage message) {
    return switch (message) {
      case HubMessage.Leased(var leases) -> leases.stream().mapToLong(HubWire::leaseBytes).sum();
      case HubMessage.RevealRequested(var replicas) -> 64L * replicas.size();
      case HubMessage.Cancelled(var replicas) -> 64L * replicas.size();
      case HubMessage.Noticed(var notices) ->
          notices.stream().mapToLong(notice -> 96L + notice.reason().length()).sum();
      case HubMessage.Drained _, HubMessage.CapacityAsked _ -> 24L;
      case HubMessage.StandingChanged(var standing) -> 32L + standing.detail().length();
    };
  }

  /** About as many bytes as a lease takes in its frame. */
  public static long leaseBytes(Lease lease) {
    ByteString input = lease.inlineInput();
    long arguments = lease.arguments().stream().mapToLong(String::length).sum();
    return 320L
        + arguments
        + (input == null ? 0 : input.size())
        + (lease.saved() == null ? 0 : NodeWire.SAVED_BYTES);
  }

  /** An unnumbered frame that carries only an acknowledgement. */
  public static HubFrame acknowledgement(long acknowledged) {
    return HubFrame.newBuilder().setAcknowledged(acknowledged).build();
  }

  /** The unnumbered frame that a stream opens with. */
  public static HubFrame nonce(ByteString nonce) {
    return HubFrame.newBuilder().setNonce(Nonce.newBuilder().setValue(nonce)).build();
  }

  /** The unnumbered frame that a stream ends with. */
  public static HubFrame goodbye(String code, String detail) {
    return HubFrame.newBuilder()
        .setGoodbye(Goodbye.newBuilder().setCode(code).setDetail(detail))
        .build();
  }

  /** The unnumbered frame that lets a node in. */
  public static HubFrame frame(long acknowledged, Welcome welcome) {
    return HubFrame.newBuilder()
        .setAcknowledged(acknowledged)
        .setWelcome(
            xyz.openledger.protocol.node.v1.Welcome.newBuilder()
                .setHeartbeatMillis(welcome.heartbeatMillis())
                .setChain(encode(welcome.court()))
                .setBlobUrl(welcome.blobUrl())
                .setBlobToken(welcome.blobToken())
                .setResumed(welcome.resumed())
                .setSession(welcome.session())
                .setStanding(encode(welcome.standing())))
        .build();
  }

  /**
   * The message in a numbered frame.
   *
   * @throws ProblemException {@code invalid-request} naming the field if it is malformed
   */
  public static HubMessage message(HubFrame frame) {
    return switch (frame.getBodyCase()) {
      case LEASES ->
          new HubMessage.Leased(
              NodeWire.entries(frame.getLeases().getLeasesList(), "leases", HubWire::lease));
      case REVEAL_REQUESTS ->
          new HubMessage.RevealRequested(replicas(frame.getRevealRequests().getReplicaIdsList()));
      case CANCELS -> new HubMessage.Cancelled(replicas(frame.getCancels().getReplicaIdsList()));
      case NOTICES ->
          new HubMessage.Noticed(
              NodeWire.entries(frame.getNotices().getNoticesList(), "notices", HubWire::notice));
      case CAPACITY_ASK ->
          new HubMessage.CapacityAsked(
              new CapacityAsk(frame.getCapacityAsk().getSeed(), frame.getCapacityAsk().getSteps()));
      case DRAIN -> new HubMessage.Drained();
      case STANDING -> new HubMessage.StandingChanged(standing(frame.getStanding()));
      case NONCE, WELCOME, GOODBYE, BODY_NOT_SET ->
          throw Check.refusal("body", frame.getBodyCase() + " is not a numbered message");
    };
  }

  /** The welcome that lets a node in. */
  public static Welcome welcome(xyz.openledger.protocol.node.v1.Welcome welcome) {
    return new Welcome(
        welcome.getHeartbeatMillis(),
        court(welcome.getChain()),
        welcome.getBlobUrl(),
        welcome.getBlobToken(),
        welcome.getResumed(),
        welcome.getSession(),
        standing(welcome.getStanding()));
  }

  /** The reply to an application that was granted. */
  public static EnrolReply encode(Enrolled enrolled) {
    return EnrolReply.newBuilder()
        .setNodeId(enrolled.node().value())
        .setPoolId(enrolled.pool().value())
        .setOwner(enrolled.owner().value())
        .setChain(encode(enrolled.court()))
        .build();
  }

  /** What a granted application led to. */
  public static Enrolled enrolled(EnrolReply reply) {
    return new Enrolled(
        NodeId.parse(reply.getNodeId()),
        PoolId.parse(reply.getPoolId()),
        Address.parse(reply.getOwner()),
        court(reply.getChain()));
  }

  private static Leases.Builder leases(List<Lease> leases) {
    var body = Leases.newBuilder();
    leases.forEach(lease -> body.addLeases(encode(lease)));
    return body;
  }

  private static xyz.openledger.protocol.node.v1.Lease.Builder encode(Lease lease) {
    ByteString input = lease.inlineInput();
    var body = xyz.openledger.protocol.node.v1.Lease.newBuilder();
    if (lease.saved() != null) {
      body.setSaved(NodeWire.encode(lease.saved()));
    }
    return body.setReplicaId(lease.replica().toString())
        .setFence(lease.fence())
        .setModuleDigest(lease.module().toString())
        .setCodeDigest(lease.code().toString())
        .addAllArguments(lease.arguments())
        .setInputDigest(lease.input().toString())
        .setInputBytes(lease.inputBytes())
        .setInput(input == null ? ByteString.EMPTY : input)
        .setFuelMax(lease.fuelMax())
        .setMemoryMaxBytes(lease.memoryMaxBytes())
        .setOutputMaxBytes(lease.outputMaxBytes())
        .setDeadlineMillis(lease.deadlineMillis())
        .setRevealAtOnce(lease.revealAtOnce())
        .setPriceNanoOpenPerGigafuel(lease.priceNanoOpenPerGigafuel())
        .setStreamed(lease.streamed())
        .setAttest(lease.attest())
        .setShare(lease.share());
  }

  private static Lease lease(xyz.openledger.protocol.node.v1.Lease lease) {
    return new Lease(
        ReplicaId.parse(lease.getReplicaId()),
        lease.getFence(),
        Digest.parse(lease.getModuleDigest()),
        Digest.parse(lease.getCodeDigest()),
        lease.getArgumentsList(),
        Digest.parse(lease.getInputDigest()),
        lease.getInputBytes(),
        NodeWire.inline(lease.getInput(), lease.getInputBytes()),
        lease.getFuelMax(),
        lease.getMemoryMaxBytes(),
        lease.getOutputMaxBytes(),
        lease.getDeadlineMillis(),
        lease.getRevealAtOnce(),
        lease.getPriceNanoOpenPerGigafuel(),
        lease.getStreamed(),
        lease.getAttest(),
        lease.getShare(),
        lease.hasSaved() ? NodeWire.saved(lease.getSaved()) : null);
  }

  private static Notices.Builder notices(List<Notice> notices) {
    var body = Notices.newBuilder();
    for (Notice notice : notices) {
      body.addNotices(
          xyz.openledger.protocol.node.v1.Notice.newBuilder()
              .setReplicaId(notice.replica().toString())
              .setFence(notice.fence())
              .setMillis(notice.millis())
              .setReason(notice.reason()));
    }
    return body;
  }

  private static Notice notice(xyz.openledger.protocol.node.v1.Notice notice) {
    return new Notice(
        ReplicaId.parse(notice.getReplicaId()),
        notice.getFence(),
        notice.getMillis(),
        notice.getReason());
  }

  private static xyz.openledger.protocol.node.v1.Standing encode(Standing standing) {
    return xyz.openledger.protocol.node.v1.Standing.newBuilder()
        .setState(standing.state().text())
        .setDetail(standing.detail())
        .build();
  }

  private static Standing standing(xyz.openledger.protocol.node.v1.Standing standing) {
    return new Standing(Standing.State.parse(standing.getState()), standing.getDetail());
  }

  private static ChainReference encode(ResultStatement.Court court) {
    return ChainReference.newBuilder()
        .setChainId(court.chainId())
        .setRegistry(ByteString.copyFrom(court.registry().bytes()))
        .build();
  }

  private static ResultStatement.Court court(ChainReference chain) {
    Check.range("chainId", chain.getChainId(), 0, Long.MAX_VALUE);
    Check.range("registry", chain.getRegistry().size(), Address.BYTES, Address.BYTES);
    return new ResultStatement.Court(
        chain.getChainId(), Address.of(chain.getRegistry().toByteArray()));
  }

  private static List<String> texts(List<ReplicaId> replicas) {
    return replicas.stream().map(ReplicaId::toString).toList();
  }

  private static List<ReplicaId> replicas(List<String> texts) {
    return NodeWire.entries(texts, "replicaIds", ReplicaId::parse);
  }
}
