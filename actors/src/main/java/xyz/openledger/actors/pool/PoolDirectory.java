package xyz.openledger.actors.pool;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.pubsub.Topic;
import xyz.openledger.pools.PoolSummary;
import xyz.openledger.protocol.PoolId;

/** What this member knows of all pools: the last word of each. Read from any thread. */
public final class PoolDirectory {
  private final Map<PoolId, PoolSummary> pools = new ConcurrentSkipListMap<>();

  /** The pools, by id. */
  public List<PoolSummary> pools() {
    return List.copyOf(pools.values());
  }

  /** Listens to what pools say. */
  public Behavior<PoolNews> listener(ActorRef<Topic.Command<PoolNews>> topic) {
    return Behaviors.setup(
        context -> {
          topic.tell(Topic.subscribe(context.getSelf()));
          return Behaviors.receiveMessage(
              news -> {
                pools.put(news.summary().pool(), news.summary());
                return Behaviors.same();
              });
        });
  }
}
