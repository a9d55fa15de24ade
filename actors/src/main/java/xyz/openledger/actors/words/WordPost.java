package xyz.openledger.actors.words;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.pubsub.Topic;
import xyz.openledger.protocol.JobId;

/**
 * Takes the words of nodes that are attached to this member to those members where somebody waits
 * for them, and the words that come to listeners here. One on each member; nothing of it is
 * durable, and whatever is lost on the way is in the outcome.
 */
public final class WordPost extends AbstractBehavior<WordPost.Command> {
  /** The most jobs whose followers are known; of more, the oldest are forgotten. */
  private static final int FOLLOWED_MAX = 65_536;

  /** Characters of answers that begin before it is known here who follows them. */
  private static final int EARLY_CHARACTERS_MAX = 1 << 18;

  private static final int RECORD_CHARACTERS = 128;

  /** What a post is told: by others over the network, and by its own member. */
  public interface Command {}

  /** Somebody listens here. */
  record Listen(JobId job, Consumer<WordsMessage.Said> listener) implements Command {}

  /** It listens no more. */
  record Leave(JobId job, Consumer<WordsMessage.Said> listener) implements Command {}

  /** A node of this member said it. */
  record Heard(WordsMessage.Said said) implements Command {}

  private final ActorRef<Topic.Command<WordsMessage>> topic;
  private final Map<JobId, List<Consumer<WordsMessage.Said>>> listeners = new HashMap<>();
  private final Map<JobId, Set<ActorRef<WordsMessage>>> followers = new LinkedHashMap<>();
  private final Map<JobId, List<WordsMessage.Said>> early = new LinkedHashMap<>();
  private int earlyCharacters;

  private WordPost(ActorContext<Command> context, ActorRef<Topic.Command<WordsMessage>> topic) {
    super(context);
    this.topic = topic;
    topic.tell(Topic.subscribe(context.getSelf().narrow()));
  }

  /** A post, and the topic over which posts find one another. */
  public static Behavior<Command> create() {
    return Behaviors.setup(
        context ->
            new WordPost(
                context,
                context.spawn(Topic.create(WordsMessage.class, "words-followed"), "topic")));
  }

  /**
   * Hears the words of a job from now on, on the post's thread, so what it does must be short.
   *
   * @return ends it
   */
  public static Runnable listen(
      ActorRef<Command> post, JobId job, Consumer<WordsMessage.Said> listener) {
    post.tell(new Listen(job, listener));
    return () -> post.tell(new Leave(job, listener));
  }

  /** A node of this member said something. */
  public static void heard(ActorRef<Command> post, WordsMessage.Said said) {
    post.tell(new Heard(said));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Listen.class, this::listen)
        .onMessage(Leave.class, this::leave)
        .onMessage(Heard.class, this::heard)
        .onMessage(WordsMessage.Follow.class, this::follow)
        .onMessage(WordsMessage.Unfollow.class, this::unfollow)
        .onMessage(WordsMessage.Said.class, this::said)
        .build();
  }

  private Behavior<Command> listen(Listen asked) {
    listeners.computeIfAbsent(asked.job(), _ -> new ArrayList<>()).add(asked.listener());
    var follow = new WordsMessage.Follow(asked.job(), getContext().getSelf().narrow());
    follow(follow);
    topic.tell(Topic.publish(follow));
    return this;
  }

  private Behavior<Command> leave(Leave asked) {
    List<Consumer<WordsMessage.Said>> here = listeners.get(asked.job());
    if (here != null && here.remove(asked.listener()) && here.isEmpty()) {
      listeners.remove(asked.job());
      topic.tell(
          Topic.publish(new WordsMessage.Unfollow(asked.job(), getContext().getSelf().narrow())));
    }
    return this;
  }

  private Behavior<Command> follow(WordsMessage.Follow asked) {
    boolean first = followers.computeIfAbsent(asked.job(), _ -> new HashSet<>()).add(asked.post());
    List<WordsMessage.Said> waiting = early.remove(asked.job());
    if (first && waiting != null) {
      waiting.forEach(
          said -> {
            earlyCharacters -= weight(said);
            asked.post().tell(said);
          });
    }
    evict(followers, FOLLOWED_MAX);
    return this;
  }

  private Behavior<Command> unfollow(WordsMessage.Unfollow asked) {
    Set<ActorRef<WordsMessage>> posts = followers.get(asked.job());
    if (posts != null && posts.remove(asked.post()) && posts.isEmpty()) {
      followers.remove(asked.job());
    }
    return this;
  }

  private Behavior<Command> heard(Heard heard) {
    JobId job = heard.said().replica().job();
    Set<ActorRef<WordsMessage>> posts = followers.get(job);
    if (posts != null) {
      posts.forEach(post -> post.tell(heard.said()));
    } else {
      early.computeIfAbsent(job, _ -> new ArrayList<>()).add(heard.said());
      earlyCharacters += weight(heard.said());
      forgetEarliest();
    }
    return this;
  }

  private void forgetEarliest() {
    Iterator<List<WordsMessage.Said>> oldest = early.values().iterator();
    while (earlyCharacters > EARLY_CHARACTERS_MAX && oldest.hasNext()) {
      for (WordsMessage.Said said : oldest.next()) {
        earlyCharacters -= weight(said);
      }
      oldest.remove();
    }
  }

  /** Even a letter takes the room of a record. */
  private static int weight(WordsMessage.Said said) {
    return said.text().length() + RECORD_CHARACTERS;
  }

  private Behavior<Command> said(WordsMessage.Said said) {
    listeners
        .getOrDefault(said.replica().job(), List.of())
        .forEach(listener -> listener.accept(said));
    return this;
  }

  private static void evict(Map<JobId, ?> map, int max) {
    Iterator<JobId> oldest = map.keySet().iterator();
    while (map.size() > max && oldest.hasNext()) {
      oldest.next();
      oldest.remove();
    }
  }
}
