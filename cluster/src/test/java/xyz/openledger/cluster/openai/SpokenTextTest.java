package xyz.openledger.cluster.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.session.Words;

class SpokenTextTest {
  private final SpokenText spoken = new SpokenText();

  private void hear(int replica, int position, String text) {
    var task = new TaskId(JobId.of(new TenantId("ada"), "one"), 0);
    spoken.hear(new Words(new ReplicaId(task, replica), position, text));
  }

  private Optional<String> next() {
    return spoken.next().toCompletableFuture().getNow(Optional.of("(waits)"));
  }

  @Test
  void whoeverWaitsHearsAtOnceAndWhoComesLaterHearsAll() {
    var waiting = spoken.next().toCompletableFuture();
    hear(0, 0, "Arr! ");
    assertThat(waiting.getNow(Optional.empty())).contains("Arr! ");
    hear(0, 5, "The ");
    hear(0, 9, "sky");
    assertThat(next()).contains("The sky");
    assertThat(spoken.taken()).isEqualTo("Arr! The sky");
  }

  @Test
  void aSecondNodeGoesOnWhereTheFirstWasLost() {
    hear(0, 0, "Arr! The");
    hear(1, 0, "Arr! ");
    hear(1, 5, "The sky");

    assertThat(next()).contains("Arr! The sky");
  }

  @Test
  void nothingIsTakenBehindAGap() {
    hear(0, 0, "Arr! ");
    hear(0, 9, "sky");

    assertThat(next()).contains("Arr! ");
    assertThat(next()).contains("(waits)");
  }

  @Test
  void theEndComesAtOnceAndLeavesTheRestToTheAnswer() {
    hear(0, 0, "Arr! ");
    spoken.end();
    hear(0, 5, "more");

    assertThat(next()).isEmpty();
    assertThat(spoken.taken()).isEmpty();
    var other = new SpokenText();
    var waiting = other.next().toCompletableFuture();
    other.end();
    assertThat(waiting.getNow(Optional.of("(waits)"))).isEmpty();
  }
}
