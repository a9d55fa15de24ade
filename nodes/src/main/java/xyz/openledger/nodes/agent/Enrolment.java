package xyz.openledger.nodes.agent;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import xyz.openledger.nodes.session.Backoff;
import xyz.openledger.nodes.session.GatewayChannel;
import xyz.openledger.nodes.session.PinnedTrust;
import xyz.openledger.protocol.ClaimCode;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.protocol.keys.Secp256k1Key;
import xyz.openledger.protocol.node.v1.EnrolReply;
import xyz.openledger.protocol.node.v1.EnrolRequest;
import xyz.openledger.protocol.node.v1.NodeGatewayGrpc;
import xyz.openledger.protocol.session.Benchmark;
import xyz.openledger.protocol.session.EnrolApplication;
import xyz.openledger.protocol.session.Enrolled;
import xyz.openledger.protocol.session.GrpcProblem;
import xyz.openledger.protocol.session.Handshake;
import xyz.openledger.protocol.session.HubWire;
import xyz.openledger.protocol.session.Inventory;
import xyz.openledger.protocol.session.Terms;

/** Spends a claim code: the way from a machine with nothing to a node with keys and a place. */
public final class Enrolment implements AutoCloseable {
  private static final int ANSWER_SECONDS_MAX = 20;

  /** A gateway that is busy may drop a connection; one that is away is soon known to be. */
  private static final int ATTEMPTS_MAX = 5;

  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(300), Duration.ofSeconds(3));

  private final ClaimCode claim;
  private final AgentHome home;
  private final PinnedTrust trust;
  private final ManagedChannel channel;

  private Enrolment(ClaimCode claim, AgentHome home) {
    this.claim = claim;
    this.home = home;
    this.trust = new PinnedTrust(claim.authority());
    this.channel = GatewayChannel.open(claim.gateway(), trust);
  }

  /** Prepares to spend {@code claim} for the machine whose data is in {@code home}. */
  public static Enrolment of(ClaimCode claim, AgentHome home) {
    return new Enrolment(claim, home);
  }

  /**
   * Finds the gateway, and checks that it is the one that the claim code means.
   *
   * @throws ProblemException {@code unavailable} if nobody answers, {@code forbidden} if somebody
   *     else does
   */
  public void reach() {
    // Any call does; this one costs the member nothing, since an empty request is malformed.
    try {
      var _ = ask(EnrolRequest.getDefaultInstance());
    } catch (ProblemException problem) {
      if (problem.problem() == Problem.UNAVAILABLE || problem.problem() == Problem.FORBIDDEN) {
        throw problem;
      }
    }
  }

  /**
   * Enrols, and writes down what came of it. A repeat after a lost answer is safe.
   *
   * @throws ProblemException {@code claim-unknown}, {@code claim-expired}, {@code claim-used},
   *     {@code unavailable}, or what else the member says
   */
  public Membership enrol(Inventory inventory, Benchmark benchmark, Terms terms) {
    home.create();
    Ed25519Key transport = home.transportKey();
    Secp256k1Key result = home.resultKey();
    var application =
        new EnrolApplication(
            claim.token(),
            ByteString.copyFrom(transport.publicKey()),
            ByteString.copyFrom(result.publicKey()),
            inventory,
            benchmark,
            terms);
    Enrolled enrolled = HubWire.enrolled(ask(Handshake.sign(application, transport, result)));
    home.saveAuthority(trust.authority().orElseThrow());
    var membership =
        new Membership(
            claim.gateway(),
            enrolled.node(),
            enrolled.pool(),
            enrolled.owner(),
            terms,
            benchmark,
            null,
            null);
    home.save(membership);
    return membership;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  /** Asks until there is an answer of any kind, a few times at the most. */
  private EnrolReply ask(EnrolRequest request) {
    for (int attempt = 1; ; attempt++) {
      try {
        return NodeGatewayGrpc.newBlockingStub(channel)
            .withDeadlineAfter(ANSWER_SECONDS_MAX, TimeUnit.SECONDS)
            .enrol(request);
      } catch (StatusRuntimeException failed) {
        ProblemException problem = problem(failed);
        if (problem.problem() != Problem.UNAVAILABLE || attempt == ATTEMPTS_MAX) {
          throw problem;
        }
        pause(BACKOFF.delay(attempt, new SecureRandom()));
      }
    }
  }

  private static void pause(Duration wait) {
    try {
      TimeUnit.MILLISECONDS.sleep(wait.toMillis());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new ProblemException(Problem.UNAVAILABLE, "gateway", "stopped while connecting");
    }
  }

  private ProblemException problem(StatusRuntimeException failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return new ProblemException(
            Problem.FORBIDDEN, "gateway", String.valueOf(cause.getMessage()));
      }
    }
    ProblemException problem = GrpcProblem.decode(failed);
    return problem.problem() == Problem.UNAVAILABLE
        ? new ProblemException(
            Problem.UNAVAILABLE, "gateway", claim.gateway() + ": " + problem.detail())
        : problem;
  }
}
