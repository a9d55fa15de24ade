package xyz.openledger.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoomTest {
  private static final String ADA = "ada";
  private static final String BOB = "bob";

  private static long entered(Room room, String payer, int tries) {
    return IntStream.range(0, tries).filter(_ -> room.enter(payer)).count();
  }

  @Test
  void aTenantLeavesAnEighthToOthers() {
    Room room = Room.shared(16);

    assertThat(entered(room, ADA, 100)).isEqualTo(14);
    assertThat(entered(room, BOB, 100)).isEqualTo(2);
    assertThat(room.enter(null)).isFalse();
    room.leave(ADA);
    assertThat(room.enter(BOB)).isTrue();
    assertThat(room.enter(ADA)).isFalse();
  }

  @Test
  void whoLeavesHasNoPlace() {
    Room room = Room.shared(8);
    for (int i = 0; i < 1_000; i++) {
      assertThat(room.enter(ADA)).isTrue();
      room.leave(ADA);
    }
    assertThat(entered(room, ADA, 100)).isEqualTo(7);
  }

  @Test
  void ofFewPlacesOneTenantMayHaveAll() {
    assertThat(entered(Room.shared(4), ADA, 100)).isEqualTo(4);
    assertThat(entered(Room.open(100), ADA, 200)).isEqualTo(100);
  }
}
