package xyz.openledger.nodes.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import xyz.openledger.protocol.ReplicaId;
import xyz.openledger.protocol.session.Words;

/**
 * What answers have grown by and no frame has taken yet. Holds {@value #CHARACTERS_MAX} characters
 * at the most: an answer that finds no room is streamed no further, and nothing is lost by it,
 * since the outcome has all of it. Safe for many threads.
 */
final class WordStream {
  /** The most characters that wait. */
  static final int CHARACTERS_MAX = 1 << 20;

  private final Map<ReplicaId, Growing> growing = new LinkedHashMap<>();
  private int waiting;

  private static final class Growing {
    final StringBuilder text = new StringBuilder();
    int position;
    boolean given;
  }

  /** Begins to take the words of a replica. */
  synchronized void begin(ReplicaId replica) {
    growing.put(replica, new Growing());
  }

  /** Takes more of them; whether they will be sent. */
  synchronized boolean add(ReplicaId replica, String text) {
    Growing one = growing.get(replica);
    if (one == null || one.given) {
      return false;
    }
    if (waiting + text.length() > CHARACTERS_MAX
        || one.position + one.text.length() + text.length() > Words.POSITION_MAX) {
      // A gap would be of no use to anyone.
      one.given = true;
      return false;
    }
    one.text.append(text);
    waiting += text.length();
    return true;
  }

  /** The next part, of whoever has waited longest; empty if nothing waits. */
  synchronized Optional<Words> poll() {
    for (var entry : growing.entrySet()) {
      Growing one = entry.getValue();
      if (!one.text.isEmpty()) {
        int length = Math.min(one.text.length(), Words.LENGTH_MAX);
        if (length < one.text.length() && Character.isHighSurrogate(one.text.charAt(length - 1))) {
          length--;
        }
        var words = new Words(entry.getKey(), one.position, one.text.substring(0, length));
        one.text.delete(0, length);
        one.position += length;
        waiting -= length;
        // Whoever was served goes to the end of the line.
        growing.remove(entry.getKey());
        growing.put(words.replica(), one);
        return Optional.of(words);
      }
    }
    return Optional.empty();
  }

  /** The replica is over: its outcome says the rest. */
  synchronized void end(ReplicaId replica) {
    Growing one = growing.remove(replica);
    if (one != null) {
      waiting -= one.text.length();
    }
  }
}
