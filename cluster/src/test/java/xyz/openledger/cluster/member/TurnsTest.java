package xyz.openledger.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
  @Test
  void allHaveTheirTurn() {
    var turns = new Turns(2);
    List<String> all = List.of("a", "b", "c");

    assertThat(turns.of(all)).containsExactly("a", "b");
    assertThat(turns.of(all)).containsExactly("c", "a");
    assertThat(turns.of(all)).containsExactly("b", "c");
  }

  @Test
  void fewAreTakenAllAtOnceAndAListMayShrink() {
    var turns = new Turns(2);
    assertThat(turns.of(List.of("a"))).containsExactly("a");
    assertThat(turns.of(List.of())).isEmpty();
    var _ = turns.of(List.of("a", "b", "c", "d", "e"));
    var _ = turns.of(List.of("a", "b", "c", "d", "e"));
    assertThat(turns.of(List.of("a", "b", "c"))).containsExactly("b", "c");
  }
}
