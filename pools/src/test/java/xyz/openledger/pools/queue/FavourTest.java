package xyz.openledger.pools.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import xyz.openledger.pools.Matcher;
import xyz.openledger.pools.Node;
import xyz.openledger.pools.OwnTerms;
import xyz.openledger.pools.PoolTerms;
import xyz.openledger.pools.Work;
import xyz.openledger.pools.governance.Governed;
import xyz.openledger.protocol.TaskId;
import xyz.openledger.protocol.TenantId;

class FavourTest {
  private static final Node FREE = Scene.node("n", 1, 1);
  private static final OwnTerms LIKES_BOB = new OwnTerms("", "job.tenant == 'bob' ? 9000 : 10");

  private final PoolQueue queue =
      new PoolQueue(
          new Matcher(PoolTerms.DEFAULT, Scene.SECRET), PoolTerms.DEFAULT, QueueTerms.DEFAULT);

  @Test
  void theOnlyNodeWithRoomChoosesWhomItLikesBest() {
    offer(1, Scene.ADA, 4, 0);
    offer(2, Scene.BOB, 4, 1_000);

    assertThat(next(FREE.under(LIKES_BOB), 2_000)).containsExactly(Scene.task(2));
  }

  @Test
  void whoCameFirstIsFirstWhereTheNodeDoesNotSay() {
    offer(1, Scene.ADA, 4, 0);
    offer(2, Scene.BOB, 4, 1_000);

    assertThat(next(FREE, 2_000)).containsExactly(Scene.task(1));
  }

  @Test
  void aHigherPriorityPrevailsOverWhatANodeLikes() {
    offer(1, Scene.ADA, 5, 1_000);
    offer(2, Scene.BOB, 4, 1_000);

    assertThat(next(FREE.under(LIKES_BOB), 2_000)).containsExactly(Scene.task(1));
  }

  @Test
  void nobodyIsPassedOverByWhoCameMoreThanAMinuteLater() {
    offer(1, Scene.ADA, 4, 0);
    offer(2, Scene.BOB, 4, Favour.WINDOW_MILLIS + 1);

    assertThat(next(FREE.under(LIKES_BOB), Favour.WINDOW_MILLIS + 2))
        .containsExactly(Scene.task(1));
  }

  @Test
  void whatANodeDoesNotTakeDoesNotHoldUpTheOthersOfItsTenant() {
    var choosy = FREE.under(new OwnTerms("job.labels.tier == 'gold'", ""));
    offer(1, Scene.ADA, 4, 0);
    var gold =
        entry(2, Scene.ADA, 4)
            .request()
            .of(new Work("wasm", Map.of("tier", "gold"), Governed.FREELY));
    queue.offer(new PoolQueue.Entry(gold, 1, Long.MAX_VALUE), 1_000);

    assertThat(next(choosy, 2_000)).containsExactly(Scene.task(2));
    assertThat(queue.size()).isEqualTo(1);
    assertThat(next(FREE, 3_000)).containsExactly(Scene.task(1));
  }

  private void offer(int number, TenantId tenant, int priority, long atMillis) {
    queue.offer(entry(number, tenant, priority), atMillis);
  }

  private static PoolQueue.Entry entry(int number, TenantId tenant, int priority) {
    return Scene.entry(number, tenant, priority, 1);
  }

  private List<TaskId> next(Node node, long nowMillis) {
    return queue.next(Scene.roster(node), nowMillis).stream()
        .map(grant -> grant.entry().request().task())
        .toList();
  }
}
