package xyz.openledger.actors.tuning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xyz.openledger.actors.tuning.TuningEvent.Order;
import xyz.openledger.pools.EpochSecret;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.TuningId;
import xyz.openledger.protocol.api.TuningRecipe;
import xyz.openledger.protocol.api.TuningRequest;
import xyz.openledger.protocol.api.TuningState;

/** A training that is cancelled leaves no job behind, at whatever moment that comes. */
class CancelledTuningTest {
  private static final TenantId ADA = TenantId.parse("ada");
  private static final TuningId ID = TuningId.of(ADA, "key");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final SlowSubmission work = new SlowSubmission();
  private ActorTestKit kit;
  private TestProbe<TuningMessage.Answer> answers;

  @BeforeEach
  void open() {
    kit = ActorTestKit.create(PersistenceTestKitPlugin.config());
    answers = kit.createTestProbe();
  }

  @AfterEach
  void close() {
    kit.shutdownTestKit();
  }

  private ActorRef<TuningMessage> trainings() {
    return kit.spawn(TuningEntity.create(EpochSecret.of(new byte[32]), work, Clock.systemUTC()));
  }

  private static TuningMessage.Start start(ActorRef<TuningMessage.Answer> replyTo) {
    var policy =
        new Policy(
            null,
            new Policy.Limits(1_000, 60_000, null, null, 0),
            new Policy.Verification(Policy.Method.TRUSTED, null),
            null);
    Digest blob = Digest.of("blob".getBytes(UTF_8));
    var request = new TuningRequest("tiny", blob, null, TuningRecipe.of(10), 10, null, 0, policy);
    return new TuningMessage.Start(ID, ADA, new TuningPlan(request, blob, blob, 7, 0), replyTo);
  }

  private void cancelled(ActorRef<TuningMessage> trainings) {
    trainings.tell(new TuningMessage.Cancel(ID, ADA, answers.ref()));
    var view = answers.receiveMessage(PATIENCE).view();
    assertThat(view).isNotNull();
    assertThat(view.state()).isEqualTo(TuningState.CANCELLED);
  }

  @Test
  void aJobThatWasJustBeingSubmittedIsEndedOnceItIsThere() {
    ActorRef<TuningMessage> trainings = trainings();
    trainings.tell(start(answers.ref()));
    answers.receiveMessage(PATIENCE);
    await().atMost(PATIENCE).until(() -> work.submissions.get() == 1);
    cancelled(trainings);
    await().atMost(PATIENCE).until(() -> work.cancellations.get() > 0);
    assertThat(work.runs).as("the job is not there yet").isFalse();

    work.arrive();

    await().atMost(PATIENCE).until(() -> !work.runs);
  }

  @Test
  void aJobIsEndedAlsoByWhoeverGoesOnAfterACrash() {
    ActorRef<TuningMessage> trainings = trainings();
    trainings.tell(start(answers.ref()));
    answers.receiveMessage(PATIENCE);
    await().atMost(PATIENCE).until(() -> work.submissions.get() == 1);
    work.deaf = true;
    cancelled(trainings);
    work.arrive();
    kit.stop(trainings);
    assertThat(work.runs).isTrue();
    work.deaf = false;

    trainings();

    await().atMost(PATIENCE).until(() -> !work.runs);
  }

  /** A network in which a job is there some time after it was submitted. */
  private static final class SlowSubmission implements TuningWork {
    private final CompletableFuture<Report> arrived = new CompletableFuture<>();
    private final AtomicInteger submissions = new AtomicInteger();
    private final AtomicInteger cancellations = new AtomicInteger();
    private volatile boolean runs;

    /** Whether what is said to it is lost. */
    private volatile boolean deaf;

    void arrive() {
      runs = true;
      arrived.complete(new Report.Running());
    }

    @Override
    public CompletionStage<Report> follow(TuningRun run, Order order) {
      submissions.incrementAndGet();
      return arrived.copy();
    }

    @Override
    public CompletionStage<Boolean> cancel(TuningRun run, Order order) {
      cancellations.incrementAndGet();
      boolean ends = runs && !deaf;
      runs = runs && deaf;
      return CompletableFuture.completedStage(ends);
    }

    @Override
    public CompletionStage<Digest> publish(TuningRun run) {
      throw new AssertionError("nothing was made");
    }

    @Override
    public JobId job(TuningRun run, Order order) {
      return JobId.of(ADA, List.of(run.id(), order.serial()).toString());
    }
  }
}
