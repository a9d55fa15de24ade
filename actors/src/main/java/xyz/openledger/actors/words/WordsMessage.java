package xyz.openledger.actors.words;

import org.apache.pekko.actor.typed.ActorRef;
import xyz.openledger.actors.wire.MemberMessage;
import xyz.openledger.protocol.JobId;
import xyz.openledger.protocol.ReplicaId;

/** What the posts of members tell one another about the text of answers. */
public sealed interface WordsMessage extends WordPost.Command, MemberMessage {

  /** At that post somebody waits for the words of a job. */
  record Follow(JobId job, ActorRef<WordsMessage> post) implements WordsMessage {}

  /** Nobody does there any more. */
  record Unfollow(JobId job, ActorRef<WordsMessage> post) implements WordsMessage {}

  /**
   * A part of an answer's text.
   *
   * @param position how many characters of the answer came before
   */
  record Said(ReplicaId replica, int position, String text) implements WordsMessage {}
}
