package xyz.openledger.cluster.member;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xyz.openledger.actors.member.Home;

/** Says so, again and again, while a member waits for a home that its cluster has not got. */
final class HomeWatch {
  private static final Logger LOG = LoggerFactory.getLogger(HomeWatch.class);
  private static final Duration LOOK = Duration.ofSeconds(30);

  private HomeWatch() {}

  /** Looks every 30 seconds, for as long as the system runs. */
  static void start(ActorSystem<?> system) {
    system
        .scheduler()
        .scheduleWithFixedDelay(
            LOOK, LOOK, () -> missing(system).ifPresent(LOG::warn), system.executionContext());
  }

  /** What is missing, and what to do about it; empty while there is a home. */
  static Optional<String> missing(ActorSystem<?> system) {
    var members = Cluster.get(system).state().getMembers();
    boolean there =
        StreamSupport.stream(members.spliterator(), false)
            .anyMatch(member -> member.hasRole(Home.ROLE));
    return there
        ? Optional.empty()
        : Optional.of(
            "no member of this cluster that is up is its home, so that books, keys, files and the"
                + " log are waited for. The home is the member that began the cluster: start that"
                + " one. If it was begun by an earlier release and by a member with seeds, start"
                + " that member, whose journal has the books, once without seeds or with itself as"
                + " the first: it stays the"
                + " home from then on (%s in its data directory)".formatted(MemberSystem.HOME));
  }
}
