package xyz.openledger.actors.member;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Keeps what a member knows in step with what there is one of in a cluster: asks twice a second,
 * and at once where an answer leaves more to ask for.
 */
public final class Following {
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private enum Ask {
    NOW
  }

  private Following() {}

  /**
   * An actor that asks for as long as it lives.
   *
   * @param answers what is answered
   * @param ask puts the question, to be answered to the actor given
   * @param learn takes note of an answer; says whether there is more to ask for
   */
  public static <A> Behavior<Object> of(
      Class<A> answers, Consumer<ActorRef<A>> ask, Predicate<A> learn) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  ActorRef<A> self = context.getSelf().narrow();
                  ask.accept(self);
                  timers.startTimerWithFixedDelay(Ask.NOW, INTERVAL);
                  return Behaviors.receive(Object.class)
                      .onMessage(
                          answers,
                          answer -> {
                            if (learn.test(answer)) {
                              ask.accept(self);
                            }
                            return Behaviors.same();
                          })
                      .onMessage(
                          Ask.class,
                          _ -> {
                            ask.accept(self);
                            return Behaviors.same();
                          })
                      .build();
                }));
  }
}
