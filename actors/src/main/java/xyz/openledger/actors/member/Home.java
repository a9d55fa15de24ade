package xyz.openledger.actors.member;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.ClusterSingletonSettings;
import org.apache.pekko.cluster.typed.SingletonActor;

/**
 * Where what there is one of in a cluster lives: with the member whose journal has it. If that
 * member is away, its return is waited for. With another member it would begin from nothing: with
 * empty books, and keys that have spent nothing.
 */
public final class Home {
  /** The role of the member that began the cluster. */
  public static final String ROLE = "home";

  private Home() {}

  /** The one of its name; started here if this is its home. */
  public static <M> ActorRef<M> singleton(
      ActorSystem<?> system, String name, Behavior<M> behavior) {
    return ClusterSingleton.get(system)
        .init(SingletonActor.of(behavior, name).withSettings(settings(system)));
  }

  /** The same, which hears nothing of what is said to it while it is away. */
  public static <M> ActorRef<M> unbuffered(
      ActorSystem<?> system, String name, Behavior<M> behavior) {
    return ClusterSingleton.get(system)
        .init(SingletonActor.of(behavior, name).withSettings(settings(system).withBufferSize(0)));
  }

  private static ClusterSingletonSettings settings(ActorSystem<?> system) {
    return ClusterSingletonSettings.create(system).withRole(ROLE);
  }
}
