package xyz.openledger.nodes.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.session.Words;

class WordStreamTest {
  private static final ReplicaId ONE = replica("one");
  private static final ReplicaId TWO = replica("two");

  private final WordStream words = new WordStream();

  private static ReplicaId replica(String key) {
    return new ReplicaId(new TaskId(JobId.of(new TenantId("ada"), key), 0), 0);
  }

  @Test
  void whatWaitsGoesTogetherAndSaysWhereItBelongs() {
    words.begin(ONE);
    words.add(ONE, "Machines ");
    words.add(ONE, "that ");
    assertThat(words.poll()).contains(new Words(ONE, 0, "Machines that "));
    words.add(ONE, "work");
    assertThat(words.poll()).contains(new Words(ONE, 14, "work"));
    assertThat(words.poll()).isEmpty();
  }

  @Test
  void answersTakeTurns() {
    words.begin(ONE);
    words.begin(TWO);
    words.add(ONE, "a".repeat(2 * Words.LENGTH_MAX));
    words.add(TWO, "b");

    assertThat(words.poll().orElseThrow().replica()).isEqualTo(ONE);
    assertThat(words.poll().orElseThrow().replica()).isEqualTo(TWO);
    assertThat(words.poll().orElseThrow().position()).isEqualTo(Words.LENGTH_MAX);
  }

  @Test
  void aPartNeverEndsInsideACharacter() {
    words.begin(ONE);
    words.add(ONE, "x".repeat(Words.LENGTH_MAX - 1) + "\uD83D\uDE00");

    assertThat(words.poll().orElseThrow().text()).hasSize(Words.LENGTH_MAX - 1);
    assertThat(words.poll().orElseThrow().text()).isEqualTo("\uD83D\uDE00");
  }

  @Test
  void anAnswerThatFindsNoRoomIsStreamedNoFurtherAndOthersAre() {
    words.begin(ONE);
    words.begin(TWO);
    assertThat(words.add(ONE, "a".repeat(WordStream.CHARACTERS_MAX))).isTrue();
    assertThat(words.add(TWO, "b")).isFalse();
    words.end(ONE);

    assertThat(words.add(TWO, "c")).as("a gap would be of no use").isFalse();
    var three = replica("three");
    words.begin(three);
    assertThat(words.add(three, "d")).isTrue();
    assertThat(words.poll()).contains(new Words(three, 0, "d"));
  }

  @Test
  void whatIsOverOrWasNeverAskedForIsNotStreamed() {
    assertThat(words.add(ONE, "a")).isFalse();
    words.begin(ONE);
    words.add(ONE, "a");
    words.end(ONE);
    assertThat(words.poll()).isEmpty();
  }
}
