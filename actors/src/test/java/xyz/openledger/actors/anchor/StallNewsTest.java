package xyz.openledger.actors.anchor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StallNewsTest {
  private final StallNews stalls = new StallNews();

  @Test
  void tellsEachReasonOfARowOnce() {
    assertThat(news("a", "have 10, want 12")).containsEntry("a", "have 10, want 12");
    assertThat(news("a", "have 11, want 12")).isEmpty();
    assertThat(news("a", "another key anchors")).hasSize(1);
    assertThat(news("b", "another key anchors")).hasSize(1);
  }

  @Test
  void aNodeThatSaysSomethingElseEachTimeIsHeardEightTimes() {
    int told = 0;
    for (int i = 0; i < 100; i++) {
      told += news("a", "x".repeat(i + 1)).size();
    }

    assertThat(told).isEqualTo(8);
  }

  private Map<String, String> news(String id, String reason) {
    return stalls.news(new TreeMap<>(Map.of(id, reason)));
  }
}
