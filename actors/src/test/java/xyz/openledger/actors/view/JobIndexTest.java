package xyz.openledger.actors.view;

import static org.assertj.core.api.Assertions.assertThat;
import static xyz.openledger.actors.job.Cast.JOB;
import static xyz.openledger.actors.job.Cast.grant;
import static xyz.openledger.actors.job.Cast.lost;
import static xyz.openledger.actors.job.Cast.placed;
import static xyz.openledger.actors.job.Cast.policy;
import static xyz.openledger.actors.job.Cast.replica;
import static xyz.openledger.actors.job.Cast.spec;
import static xyz.openledger.actors.job.Cast.submitted;
import static xyz.openledger.actors.job.Cast.verification;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.actors.job.Grant;
import xyz.openledger.actors.job.JobEvent;
import xyz.openledger.actors.job.Reason;
import xyz.openledger.protocol.Problem;

class JobIndexTest {
  private static final JobEvent SUBMITTED = submitted(spec(policy(verification(2, 3), 1_000), 1));
  private static final Grant BOB = grant(replica(0, 0), "bob", 1, 10);

  @TempDir private Path folder;

  @Test
  void keepsWhyReplicasWereLostAndWhyTheyWentWhereTheyWent() {
    try (var store = new ViewStore(folder)) {
      var jobs = new JobIndex(store);
      apply(store, SUBMITTED, placed(1, BOB), lost(2, BOB.replica(), Problem.NODE_LOST));

      JobRow row = jobs.row(JOB).orElseThrow();
      assertThat(row.loss(BOB.replica()))
          .isEqualTo(new JobRow.Loss(BOB.replica(), Problem.NODE_LOST, "it went away"));
      assertThat(row.loss(replica(0, 1))).isNull();
      assertThat(Reason.lines(row.explanation())).containsExactly("best of all");
    }
  }

  @Test
  void keepsTheLatestLossesOnly() {
    try (var store = new ViewStore(folder)) {
      var jobs = new JobIndex(store);
      apply(store, SUBMITTED);
      for (int number = 0; number < 100; number++) {
        apply(store, lost(number, replica(0, number), Problem.NODE_LOST));
      }

      JobRow row = jobs.row(JOB).orElseThrow();
      assertThat(row.losses()).hasSize(64);
      assertThat(row.loss(replica(0, 99))).isNotNull();
    }
  }

  @Test
  void isMadeAgainWhereItWasWrittenInAnotherForm() {
    try (var store = new ViewStore(folder)) {
      apply(store, SUBMITTED);
    }
    try (var store = new ViewStore(folder)) {
      assertThat(new JobIndex(store).row(JOB)).as("written in this form").isPresent();
      try (var writing = store.write()) {
        writing.put(
            ViewStore.Table.OFFSETS, ViewStore.key("form"), ViewStore.number(ViewStore.FORM - 1));
        writing.put(ViewStore.Table.OFFSETS, ViewStore.key("job"), ViewStore.number(7));
        writing.commit();
      }
    }

    try (var store = new ViewStore(folder)) {
      assertThat(new JobIndex(store).row(JOB)).isEmpty();
      assertThat(store.get(ViewStore.Table.OFFSETS, ViewStore.key("job")))
          .as("read from the start again")
          .isNull();
    }
  }

  private static void apply(ViewStore store, JobEvent... events) {
    try (var writing = store.write()) {
      Arrays.stream(events).forEach(event -> new JobIndex(store).apply(writing, event));
      writing.commit();
    }
  }
}
