package xyz.openledger.cluster.member;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;

/** Asks actors, for those who are not actors. */
record Ask(ActorSystem<?> system) {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  <Q, A> CompletionStage<A> of(RecipientRef<Q> actor, Function<ActorRef<A>, Q> question) {
    return AskPattern.ask(actor, question, TIMEOUT, system.scheduler());
  }

  /** All of their answers, in their order, once they are there. */
  static <T> CompletionStage<List<T>> all(List<CompletionStage<T>> stages) {
    var futures =
        stages.stream()
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(futures)
        .thenApply(_ -> stages.stream().map(stage -> stage.toCompletableFuture().join()).toList());
  }
}
