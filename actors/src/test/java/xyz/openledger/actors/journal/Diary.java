package xyz.openledger.actors.journal;

import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;

/** A persistent actor that remembers lines; each line's first word is its tag. */
final class Diary extends EventSourcedBehavior<Diary.Command, String, String> {
  sealed interface Command {}

  /** Remembers the lines in one atomic write, then answers with all of them. */
  record Write(List<String> lines, ActorRef<String> replyTo) implements Command {}

  record Read(ActorRef<String> replyTo) implements Command {}

  private final RetentionCriteria retention;

  private Diary(String name, RetentionCriteria retention) {
    super(PersistenceId.ofUniqueId(name));
    this.retention = retention;
  }

  static Behavior<Command> create(String name) {
    return new Diary(name, RetentionCriteria.disabled());
  }

  /** One that snapshots every few lines, keeps two snapshots, and deletes what is before them. */
  static Behavior<Command> forgetful(String name) {
    return new Diary(name, RetentionCriteria.snapshotEvery(4, 2).withDeleteEventsOnSnapshot());
  }

  @Override
  public String emptyState() {
    return "";
  }

  @Override
  public CommandHandler<Command, String, String> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(
            Write.class,
            write -> Effect().persist(write.lines()).thenReply(write.replyTo(), diary -> diary))
        .onCommand(Read.class, (diary, read) -> Effect().reply(read.replyTo(), diary))
        .build();
  }

  @Override
  public EventHandler<String, String> eventHandler() {
    return (diary, line) -> diary + line + ";";
  }

  @Override
  public Set<String> tagsFor(String line) {
    return Set.of(line.split(" ", 2)[0]);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return retention;
  }
}
