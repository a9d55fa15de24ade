package xyz.openledger.actors.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.pekko.persistence.DeleteSnapshotSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotProtocol;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Option;

/** What Pekko asks of every snapshot store: the checks of its official suite, and a few of ours. */
class SnapshotContractTest {
  private static final long ANY = Long.MAX_VALUE;

  @TempDir private static Path directory;

  private static EmbeddedJournal embedded;

  private final String ada = "ada-" + UUID.randomUUID();
  private final List<SnapshotMetadata> saved = new ArrayList<>();
  private TestKit actor;

  @BeforeAll
  static void start() {
    embedded = EmbeddedJournal.in(directory);
  }

  @AfterAll
  static void stop() {
    embedded.close();
  }

  /** Snapshot n has the sequence number 9 + n; Pekko gives it the time, a later one each. */
  @BeforeEach
  void saveFive() {
    actor = embedded.actor();
    for (int n = 1; n <= 5; n++) {
      var metadata = save(9 + n, "snapshot-" + n);
      saved.add(metadata);
      while (System.currentTimeMillis() <= metadata.timestamp()) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void loadsNothingForAnActorThatSavedNone() {
    assertThat(load("nobody", SnapshotSelectionCriteria.latest(), ANY)).isNull();
  }

  @Test
  void loadsNothingWhenNoTimestampMatches() {
    assertThat(load(criteria(ANY, time(1) - 1), ANY)).isNull();
  }

  @Test
  void loadsNothingWhenNoSequenceNumberMatches() {
    assertThat(load(criteria(9, ANY), ANY)).isNull();
    assertThat(load(SnapshotSelectionCriteria.latest(), 9)).isNull();
  }

  @Test
  void loadsTheMostRecent() {
    expectLoaded(5, SnapshotSelectionCriteria.latest(), ANY);
  }

  @Test
  void loadsTheMostRecentUpToASequenceNumber() {
    expectLoaded(4, criteria(13, ANY), ANY);
    expectLoaded(4, SnapshotSelectionCriteria.latest(), 13);
  }

  @Test
  void loadsTheMostRecentUpToASequenceNumberAndATime() {
    expectLoaded(3, criteria(13, time(3)), ANY);
    expectLoaded(3, criteria(ANY, time(3)), 13);
  }

  @Test
  void loadsNothingBelowALowerBound() {
    assertThat(load(new SnapshotSelectionCriteria(ANY, ANY, 15, 0), ANY)).isNull();
    expectLoaded(5, new SnapshotSelectionCriteria(ANY, ANY, 14, 0), ANY);
  }

  @Test
  void deletesOneByItsSequenceNumber() {
    var third = new SnapshotMetadata(ada, 12, 0, Option.empty());
    ask(new SnapshotProtocol.DeleteSnapshot(third));
    actor.expectMsg(new DeleteSnapshotSuccess(third));

    expectLoaded(2, criteria(12, ANY), ANY);
    expectLoaded(5, SnapshotSelectionCriteria.latest(), ANY);
  }

  @Test
  void deletesAllUpToASequenceNumberAndATime() {
    var firstThree = criteria(12, time(3));
    ask(new SnapshotProtocol.DeleteSnapshots(ada, firstThree));
    actor.expectMsg(new DeleteSnapshotsSuccess(firstThree));

    assertThat(load(firstThree, ANY)).isNull();
    expectLoaded(4, criteria(13, time(4)), ANY);
  }

  @Test
  void deletesNothingWhenNoTimestampMatches() {
    var none = criteria(13, 0);
    ask(new SnapshotProtocol.DeleteSnapshots(ada, none));
    actor.expectMsg(new DeleteSnapshotsSuccess(none));

    expectLoaded(4, criteria(13, ANY), ANY);
  }

  @Test
  void deletesOnlyOneActorsSnapshots() {
    ask(new SnapshotProtocol.DeleteSnapshots("bob", SnapshotSelectionCriteria.latest()));
    actor.expectMsgClass(DeleteSnapshotsSuccess.class);

    expectLoaded(5, SnapshotSelectionCriteria.latest(), ANY);
  }

  @Test
  void overwritesTheSnapshotOfTheSameSequenceNumber() {
    save(14, "again");

    assertThat(latest().snapshot()).isEqualTo("again");
  }

  @ParameterizedTest
  @ValueSource(ints = {10 << 10, 100 << 10, 1 << 20, 8 << 20})
  void keepsLargeSnapshots(int bytes) {
    var large = "x".repeat(bytes);
    save(100, large);

    assertThat(latest().snapshot()).isEqualTo(large);
  }

  @Test
  void keepsTheMetadata() {
    save(new SnapshotMetadata(ada, 100, Option.apply("replica 2")), "state");

    assertThat(latest().metadata()).returns("replica 2", metadata -> metadata.metadata().get());
  }

  @Test
  void refusesASnapshotThatNoSerializerTakes() {
    var metadata = new SnapshotMetadata(ada, 15, 0, Option.empty());
    ask(new SnapshotProtocol.SaveSnapshot(metadata, new Object()));

    actor.expectMsgClass(SaveSnapshotFailure.class);
    expectLoaded(5, SnapshotSelectionCriteria.latest(), ANY);
  }

  private long time(int n) {
    return saved.get(n - 1).timestamp();
  }

  private static SnapshotSelectionCriteria criteria(long maxSequenceNumber, long maxTimestamp) {
    return new SnapshotSelectionCriteria(maxSequenceNumber, maxTimestamp, 0, 0);
  }

  private SnapshotMetadata save(long sequenceNumber, Object snapshot) {
    return save(new SnapshotMetadata(ada, sequenceNumber, Option.empty()), snapshot);
  }

  private SnapshotMetadata save(SnapshotMetadata metadata, Object snapshot) {
    ask(new SnapshotProtocol.SaveSnapshot(metadata, snapshot));
    var answer = actor.expectMsgClass(SaveSnapshotSuccess.class).metadata();
    assertThat(answer.sequenceNr()).isEqualTo(metadata.sequenceNr());
    return answer;
  }

  private void expectLoaded(int n, SnapshotSelectionCriteria criteria, long toSequenceNumber) {
    assertThat(load(criteria, toSequenceNumber))
        .isEqualTo(new SelectedSnapshot(saved.get(n - 1), "snapshot-" + n));
  }

  private SelectedSnapshot latest() {
    return Objects.requireNonNull(load(SnapshotSelectionCriteria.latest(), ANY));
  }

  private @Nullable SelectedSnapshot load(
      SnapshotSelectionCriteria criteria, long toSequenceNumber) {
    return load(ada, criteria, toSequenceNumber);
  }

  private @Nullable SelectedSnapshot load(
      String persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNumber) {
    ask(new SnapshotProtocol.LoadSnapshot(persistenceId, criteria, toSequenceNumber));
    var result = actor.expectMsgClass(SnapshotProtocol.LoadSnapshotResult.class);
    assertThat(result.toSequenceNr()).isEqualTo(toSequenceNumber);
    return result.snapshot().isDefined() ? result.snapshot().get() : null;
  }

  private void ask(Object request) {
    embedded.snapshots().tell(request, actor.getRef());
  }
}
