package xyz.openledger.cluster.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.nodes.agent.Agent;
import xyz.openledger.nodes.agent.AgentHome;
import xyz.openledger.nodes.session.SessionEnd;
import xyz.openledger.nodes.session.TaskRunner;
import xyz.openledger.nodes.worker.TaskResult;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ResultStatement;
import xyz.openledger.protocol.SavedState;
import xyz.openledger.protocol.session.Fault;
import xyz.openledger.protocol.session.Heartbeat;
import xyz.openledger.protocol.session.HubMessage;
import xyz.openledger.protocol.session.Lease;
import xyz.openledger.protocol.session.Notice;
import xyz.openledger.protocol.session.QuietHours;
import xyz.openledger.protocol.session.Reveal;
import xyz.openledger.protocol.session.Standing;

class SessionTest {
  @TempDir Path folder;
  private Conversation conversation;

  @BeforeEach
  void open() throws Exception {
    conversation = new Conversation(folder);
  }

  @AfterEach
  void close() throws Exception {
    conversation.close();
  }

  @Test
  void withOneReplicaResultAndCommitmentComeTogether() {
    var session = start("ada", Conversation.echo());

    session.lease(leases(0, 40, true));

    await().until(() -> session.reveals().size() == 40);
    synchronized (session) {
      assertThat(session.commits()).isEmpty();
      assertThat(session.foreignTasks()).isZero();
      assertThat(session.reveals())
          .allSatisfy(
              reveal -> {
                assertThat(reveal.salt().isEmpty()).isTrue();
                assertThat(reveal.outcome().fuelUsed()).isEqualTo(7);
                assertThat(reveal.inlineOutput()).isNotNull();
              });
    }
  }

  @Test
  void withSeveralReplicasTheCommitmentComesFirstAndFitsTheReveal() {
    var session = start("ada", Conversation.echo());
    session.revealOnCommit = false;

    session.lease(leases(0, 20, false));

    await().until(() -> session.commits().size() == 20);
    assertThat(session.reveals().size()).isZero();
    session.hub.send(
        new HubMessage.RevealRequested(
            IntStream.range(0, 20).mapToObj(Conversation::replica).toList()));
    await().until(() -> session.reveals().size() == 20);
    synchronized (session) {
      for (Reveal reveal : session.reveals()) {
        var commit =
            session.commits().stream()
                .filter(made -> made.replica().equals(reveal.replica()))
                .findFirst()
                .orElseThrow();
        assertThat(reveal.opens(commit.commitment(), session.hello.node())).isTrue();
      }
      // All were ready when they were asked for, so one signature covers them.
      assertThat(session.batches()).isEqualTo(1);
    }
  }

  @Test
  void staleFencesAndLeasesBeyondTheCreditsAreRefused() {
    var never = new CompletableFuture<TaskResult>();
    var session = start("ada", _ -> never);
    int credits = session.hello.credits();

    session.lease(leases(0, credits + 3, true));
    session.lease(List.of(Conversation.lease(500, 2, true)));

    await().until(() -> session.faults().size() == 4);
    synchronized (session) {
      assertThat(session.faults().stream().map(fault -> fault.problem()))
          .containsExactly(
              Problem.NO_CREDIT, Problem.NO_CREDIT, Problem.NO_CREDIT, Problem.STALE_FENCE);
    }
  }

  @Test
  void whatCannotRunIsAFaultWithItsReason() {
    TaskRunner failing =
        task -> {
          String input = new String(task.request().input(), StandardCharsets.US_ASCII);
          return switch (input) {
            case "input 0" ->
                CompletableFuture.completedFuture(
                    new TaskResult.Faulted(Problem.SANDBOX_FAILED, "no memory"));
            case "input 1" ->
                CompletableFuture.completedFuture(
                    new TaskResult.Completed(
                        Digest.of(),
                        ((TaskResult.Completed) done(task.request().input())).execution()));
            case "input 2" ->
                CompletableFuture.completedFuture(
                    new TaskResult.Refused("unsupported-feature", 17, "no threads here"));
            default -> CompletableFuture.failedFuture(new IllegalStateException("broken"));
          };
        };
    var session = start("ada", failing);

    session.lease(leases(0, 4, true));

    await().until(() -> session.faults().size() == 4);
    synchronized (session) {
      assertThat(session.faults().stream().map(fault -> fault.problem()))
          .containsExactlyInAnyOrder(
              Problem.SANDBOX_FAILED,
              Problem.CODE_MISMATCH,
              Problem.INVALID_MODULE,
              Problem.SANDBOX_FAILED);
    }
  }

  @Test
  void aTaskThatIsNotDoneInTimeIsGivenUp() {
    var session = start("ada", _ -> new CompletableFuture<>());
    Lease lease = Conversation.lease(0, true);
    session.lease(
        List.of(
            new Lease(
                lease.replica(),
                lease.fence(),
                lease.module(),
                lease.code(),
                lease.arguments(),
                lease.input(),
                lease.inputBytes(),
                lease.inlineInput(),
                lease.fuelMax(),
                lease.memoryMaxBytes(),
                lease.outputMaxBytes(),
                50,
                true,
                1)));

    await().until(() -> session.faults().size() == 1);
    assertThat(session.faults().getFirst().problem()).isEqualTo(Problem.DEADLINE_PASSED);
  }

  @Test
  void aCancelledLeaseIsNotAnsweredAndFreesItsCredit() {
    var session =
        start(
            "ada",
            task ->
                task.request().input().length == 7
                    ? new CompletableFuture<>()
                    : Conversation.echo().run(task));
    int credits = session.hello.credits();
    // "input 0" to "input 9" never end.
    session.lease(leases(0, 10, true));

    session.hub.send(
        new HubMessage.Cancelled(IntStream.range(0, 10).mapToObj(Conversation::replica).toList()));
    session.lease(leases(10, credits, true));

    await().until(() -> session.reveals().size() == credits);
    assertThat(session.faults().size()).isZero();
  }

  @Test
  void workThatHasToMakeRoomIsStoppedAtTheEndOfItsNoticeAndItsSlotIsFree() {
    var running = new ConcurrentHashMap<String, CompletableFuture<TaskResult>>();
    var session =
        start(
            "ada",
            task ->
                running.computeIfAbsent(
                    new String(task.request().input(), StandardCharsets.US_ASCII),
                    _ -> new CompletableFuture<>()));
    int credits = session.hello.credits();
    assertThat(session.hello.hearsNotices()).isTrue();
    session.lease(leases(0, credits, true));
    await().until(() -> running.size() == credits);

    Notice notice = new Notice(Conversation.replica(1), 2, 20, "makes room for ada");
    session.hub.send(
        new HubMessage.Noticed(
            List.of(
                notice,
                new Notice(Conversation.replica(0), 999, 20, "of another lease"),
                new Notice(Conversation.replica(77), 78, 20, "of a lease that is over"))));

    await().until(() -> session.faults().size() == 1);
    Fault fault = session.faults().getFirst();
    assertThat(fault.replica()).isEqualTo(notice.replica());
    assertThat(fault.problem()).isEqualTo(Problem.DEADLINE_PASSED);
    assertThat(fault.detail()).isEqualTo("makes room for ada");
    assertThat(fault.saved()).isNull();
    assertThat(running.values().stream().filter(CompletableFuture::isCancelled)).hasSize(1);
    session.lease(leases(credits, 1, true));
    await().until(() -> running.containsKey("input " + credits));
    assertThat(session.faults()).hasSize(1);
  }

  @Test
  void whatASavedTaskLeavesIsBroughtBeforeItIsNamedAndTheNextNodeIsGivenIt() {
    byte[] state = new byte[50_000];
    Arrays.fill(state, (byte) 7);
    var given = new ConcurrentLinkedQueue<SavedState>();
    TaskRunner saving =
        task -> {
          if (task.saved() != null) {
            given.add(task.saved());
            return Conversation.echo().run(task);
          }
          return task.stopped().thenApply(_ -> new TaskResult.Saved(12, 3_000, state));
        };
    var session = start("ada", saving);
    Lease lease = Conversation.lease(0, true);
    session.lease(List.of(lease));

    session.hub.send(
        new HubMessage.Noticed(
            List.of(new Notice(lease.replica(), lease.fence(), 30_000, "makes room"))));

    await().until(() -> session.faults().size() == 1);
    var saved = new SavedState(Digest.of(state), 12, 3_000);
    assertThat(session.faults().getFirst().saved()).isEqualTo(saved);
    assertThat(conversation.blobs.blobs.get(saved.blob())).isEqualTo(state);

    Lease next = Conversation.lease(1, true);
    session.lease(
        List.of(
            new Lease(
                next.replica(),
                next.fence(),
                next.module(),
                next.code(),
                next.arguments(),
                next.input(),
                next.inputBytes(),
                next.inlineInput(),
                next.fuelMax(),
                next.memoryMaxBytes(),
                next.outputMaxBytes(),
                next.deadlineMillis(),
                true,
                1,
                false,
                false,
                0,
                saved)));
    await().until(() -> session.reveals().size() == 1);
    assertThat(given).containsExactly(saved);
    assertThat(session.reveals().getFirst().task()).as("the same task").isEqualTo(next.task());
  }

  @Test
  void longInputsAreFetchedAndLongOutputsAreBroughtBeforeTheyAreShown() {
    byte[] input = new byte[3_000_000];
    Arrays.fill(input, (byte) 5);
    Digest digest = conversation.blobs.add(input);
    conversation.blobs.breakAfterBytes = 1_000_000;
    byte[] output = Arrays.copyOf(input, 100_000);
    var session =
        start(
            "ada",
            task ->
                CompletableFuture.completedFuture(
                    done(Arrays.copyOf(task.request().input(), output.length))));

    Lease lease = fetched(0, digest, input.length);
    session.lease(List.of(lease));

    await().until(() -> session.reveals().size() == 1);
    Reveal reveal = session.reveals().getFirst();
    assertThat(reveal.inlineOutput()).isNull();
    assertThat(reveal.outcome().outputDigest()).isEqualTo(Digest.of(output));
    assertThat(conversation.blobs.blobs.get(Digest.of(output))).isEqualTo(output);
    // What had come when the connection broke was not fetched again.
    assertThat(conversation.blobs.ranges)
        .hasSizeGreaterThanOrEqualTo(2)
        .doesNotHaveDuplicates()
        .noneMatch(range -> range.equals("bytes=0-"));
  }

  @Test
  void anExpiredBlobTokenIsRenewedWithANewSession() {
    Digest digest = conversation.blobs.add(new byte[100_000]);
    var session = start("ada", Conversation.echo());
    session.lease(leases(1, 1, true));
    await().until(() -> session.reveals().size() == 1);
    conversation.blobs.token = "another";
    conversation.directory.blobToken = "another";
    // A session that has just begun is not renewed: let it grow a little older.
    await().until(() -> session.heartbeats().size() > 15);

    session.lease(List.of(fetched(2, digest, 100_000)));

    await().until(() -> conversation.directory.sessions.size() == 2);
    await().until(() -> conversation.directory.last().reveals().size() == 1);
  }

  @Test
  void aBlobThatHasAnotherDigestIsAFault() {
    Digest digest = conversation.blobs.add(new byte[100_000]);
    conversation.blobs.lying = true;
    var session = start("ada", Conversation.echo());

    session.lease(List.of(fetched(0, digest, 100_000)));
    session.lease(List.of(fetched(1, Digest.of(new byte[] {3}), 100_000)));

    await().until(() -> session.faults().size() == 2);
    assertThat(session.faults().stream().map(fault -> fault.problem()).toList())
        .containsAnyOf(Problem.DIGEST_MISMATCH, Problem.BLOB_UNAVAILABLE);
  }

  @Test
  void quietHoursGrantNoCredits() {
    var now = new AtomicReference<>(Instant.parse("2026-11-22T21:59:00Z"));
    Clock clock = InstantSource.system().withZone(ZoneOffset.UTC);
    Clock night = clock(now, clock);
    conversation.join("ada", Conversation.terms("ada", QuietHours.parse("22:00-07:00")));
    conversation.start("ada", Conversation.echo(), night);
    await().until(() -> conversation.directory.sessions.size() == 1);
    var session = conversation.directory.last();
    await().until(() -> lastBeat(session, Heartbeat.State.READY));

    now.set(Instant.parse("2026-11-22T22:00:00Z"));

    await().until(() -> lastBeat(session, Heartbeat.State.QUIET));
    assertThat(session.heartbeats().getLast().credits()).isZero();
    now.set(Instant.parse("2026-11-23T07:00:00Z"));
    await().until(() -> lastBeat(session, Heartbeat.State.READY));
  }

  @Test
  void aDrainedNodeEndsWhatItHasAndTakesNoMore() {
    var gate = new CompletableFuture<TaskResult>();
    var session = start("ada", _ -> gate);
    session.lease(leases(0, 1, true));
    await().until(() -> session.heartbeats().stream().anyMatch(h -> h.running() == 1));

    session.hub.send(new HubMessage.Drained());
    session.lease(leases(1, 1, true));

    await().until(() -> session.faults().size() == 1);
    gate.complete(done(new byte[0]));
    await().until(() -> session.reveals().size() == 1);
    await().until(() -> lastBeat(session, Heartbeat.State.DRAINING));
  }

  @Test
  void aNodeThatLeavesEndsItsWorkFirst() throws Exception {
    var gate = new CompletableFuture<TaskResult>();
    conversation.join("ada", Conversation.terms("ada"));
    Agent agent = conversation.start("ada", _ -> gate);
    await().until(() -> conversation.directory.sessions.size() == 1);
    var session = conversation.directory.last();
    session.lease(leases(0, 1, true));
    await().until(() -> session.heartbeats().stream().anyMatch(h -> h.running() == 1));

    agent.leave();
    await().until(() -> lastBeat(session, Heartbeat.State.DRAINING));
    assertThat(session.left().size()).isZero();
    gate.complete(done(new byte[0]));

    assertThat(agent.ended().get(10, TimeUnit.SECONDS)).isInstanceOf(SessionEnd.Left.class);
    assertThat(session.left()).containsExactly(true);
    assertThat(session.reveals().size()).isEqualTo(1);
    await().until(() -> session.ending().equals(Optional.of(SessionSink.Ending.LEFT)));
  }

  @Test
  void aNodeThatStopsSaysSoAtOnce() {
    conversation.join("ada", Conversation.terms("ada"));
    Agent agent = conversation.start("ada", _ -> new CompletableFuture<>());
    await().until(() -> conversation.directory.sessions.size() == 1);
    var session = conversation.directory.last();
    session.lease(leases(0, 3, true));

    agent.close();

    await().until(() -> session.ending().equals(Optional.of(SessionSink.Ending.LEFT)));
    assertThat(session.left()).containsExactly(false);
  }

  @Test
  void aRevokedNodeStopsAndSaysWhy() throws Exception {
    conversation.join("ada", Conversation.terms("ada"));
    Agent agent = conversation.start("ada", Conversation.echo());
    await().until(() -> conversation.directory.sessions.size() == 1);

    conversation.directory.last().hub.close(Problem.FORBIDDEN, "your owner revoked it");

    assertThat(agent.ended().get(10, TimeUnit.SECONDS))
        .isEqualTo(new SessionEnd.Refused(Problem.FORBIDDEN, "your owner revoked it"));
    await()
        .until(
            () ->
                conversation
                    .directory
                    .last()
                    .ending()
                    .equals(Optional.of(SessionSink.Ending.CLOSED)));
  }

  @Test
  void aNewAgentProcessHoldsNothingAndKnowsTheFencesOfTheOld() throws IOException {
    var never = new CompletableFuture<TaskResult>();
    conversation.join("ada", Conversation.terms("ada"));
    Agent first = conversation.start("ada", _ -> never);
    await().until(() -> conversation.directory.sessions.size() == 1);
    conversation.directory.last().lease(List.of(Conversation.lease(0, 5_000, true)));
    await().until(() -> running(conversation.directory.session(0)) == 1);
    first.close();

    conversation.start("ada", Conversation.echo());

    await().until(() -> conversation.directory.sessions.size() == 2);
    var hello = conversation.directory.last().hello;
    assertThat(hello.held()).isEmpty();
    assertThat(hello.fenceSeen()).isGreaterThanOrEqualTo(5_000);
    var session = conversation.directory.last();
    session.lease(
        List.of(
            Conversation.lease(1, 5_000, true),
            Conversation.lease(2, hello.fenceSeen() + 1, true)));
    await().until(() -> session.reveals().size() + session.faults().size() == 2);
    assertThat(session.faults().getFirst().problem()).isEqualTo(Problem.STALE_FENCE);
  }

  @Test
  void aMemberThatForgotTheSessionHearsWhatItDidNotAcknowledge() throws Exception {
    var session = start("ada", Conversation.echo());
    session.refusing = true;
    session.lease(leases(0, 10, false));

    // The sink fails, so the session ends, and the node says everything again in the next.
    await().until(() -> conversation.directory.sessions.size() >= 2);
    await()
        .until(
            () ->
                conversation.directory.sessions.stream().mapToInt(s -> s.commits().size()).sum()
                    == 10);
    assertThat(conversation.directory.session(1).hello.held()).hasSize(10);
    var next = conversation.directory.last();
    await().until(() -> next.reveals().size() == 10);
  }

  @Test
  void whatWasSignedForAnotherCourtIsSignedAnew() throws Exception {
    var session = start("ada", Conversation.echo());
    session.refusing = true;
    conversation.directory.court = new ResultStatement.Court(902, MemoryDirectory.COURT.registry());

    session.lease(leases(0, 10, true));

    await().until(() -> session.ending().isPresent());
    await()
        .until(
            () ->
                conversation.directory.sessions.stream().mapToInt(s -> s.reveals().size()).sum()
                    == 10);
    assertThat(conversation.directory.last().ending()).isEmpty();
  }

  @Test
  void aNodeThatFallsSilentIsLostAfterTheGraceAndComesBack() {
    var session = start("ada", Conversation.echo());

    conversation.proxy.fallSilent(true);

    await().until(() -> session.ending().equals(Optional.of(SessionSink.Ending.LOST)));
    conversation.proxy.fallSilent(false);
    conversation.proxy.cut();
    await().until(() -> conversation.directory.sessions.size() == 2);
    assertThat(conversation.directory.last().ending()).isEmpty();
  }

  @Test
  void aGatewayThatStopsIsWaitedFor() {
    start("ada", Conversation.echo());
    conversation.gateway.close();
    assertThat(conversation.directory.last().ending()).contains(SessionSink.Ending.CLOSED);

    conversation.gateway =
        NodeGateway.start(
            GatewaySettings.loopback(0).withPace(Conversation.HEARTBEAT, Conversation.GRACE),
            conversation.authority,
            conversation.directory);
    conversation.proxy.forwardTo(conversation.gateway.port());

    await().until(() -> conversation.directory.sessions.size() == 2);
  }

  @Test
  void theOwnerSeesHowTheAgentIs() {
    conversation.directory.standing = new Standing(Standing.State.JOINING, "");
    var session = start("ada", Conversation.echo());
    session.lease(leases(0, 3, true));
    session.hub.send(new HubMessage.StandingChanged(new Standing(Standing.State.READY, "")));

    var home = new AgentHome(folder.resolve("ada"));
    await()
        .until(
            () ->
                home.status()
                    .filter(s -> s.standing().equals("ready") && s.answered() == 3)
                    .isPresent());
    assertThat(home.isLocked()).isTrue();
  }

  private MemoryDirectory.Session start(String name, TaskRunner runner) {
    conversation.join(name, Conversation.terms(name));
    conversation.start(name, runner);
    await().atMost(Duration.ofSeconds(10)).until(() -> !conversation.directory.sessions.isEmpty());
    return conversation.directory.last();
  }

  private static List<Lease> leases(int from, int count, boolean revealAtOnce) {
    return IntStream.range(from, from + count)
        .mapToObj(number -> Conversation.lease(number, revealAtOnce))
        .toList();
  }

  private static Lease fetched(int number, Digest input, long bytes) {
    return new Lease(
        Conversation.replica(number),
        number + 1,
        Conversation.MODULE,
        Conversation.CODE,
        List.of(),
        input,
        bytes,
        null,
        1_000,
        1 << 20,
        1 << 20,
        60_000,
        true,
        1);
  }

  private static TaskResult done(byte[] output) {
    return Conversation.completed(output);
  }

  private static int running(MemoryDirectory.Session session) {
    return session.heartbeats().isEmpty() ? 0 : session.heartbeats().getLast().running();
  }

  private static boolean lastBeat(MemoryDirectory.Session session, Heartbeat.State state) {
    return !session.heartbeats().isEmpty() && session.heartbeats().getLast().state() == state;
  }

  private static Clock clock(AtomicReference<Instant> now, Clock base) {
    return new Clock() {
      @Override
      public java.time.ZoneId getZone() {
        return base.getZone();
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        return base.withZone(zone);
      }

      @Override
      public Instant instant() {
        return now.get();
      }
    };
  }
}
