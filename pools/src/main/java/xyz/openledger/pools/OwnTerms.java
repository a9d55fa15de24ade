package xyz.openledger.pools;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import xyz.openledger.pools.expression.JobExpression;
import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.Policy;
import xyz.openledger.protocol.ProblemException;

/**
 * What a node asks of the jobs that it runs, in the words of its contributor: the other side of a
 * policy.
 *
 * @param accept an expression of CEL that must hold of a job; empty for any job
 * @param prefer an expression of CEL for a whole number from 0 to 10,000, the more the better;
 *     empty for none
 */
public record OwnTerms(String accept, String prefer) {
  /** Takes any job, likes all of them as much. */
  public static final OwnTerms NONE = new OwnTerms("", "");

  private static final int REMEMBERED_MAX = 4_096;

  /** Reading takes a millisecond, and each node is asked about many jobs. */
  private static final Map<OwnTerms, Read> REMEMBERED =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<OwnTerms, Read> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  /** Both, read; {@code readable} is false for what another release may have taken. */
  private record Read(
      boolean readable, @Nullable JobExpression accept, @Nullable JobExpression prefer) {}

  /** Checks the lengths. */
  public OwnTerms {
    Check.text("accept", accept, Policy.EXPRESSION_LETTERS_MAX);
    Check.text("prefer", prefer, Policy.EXPRESSION_LETTERS_MAX);
  }

  /**
   * Checks what a contributor wrote.
   *
   * @throws ProblemException {@code invalid-request} for {@code accept} or {@code prefer}, pointing
   *     at the character
   */
  public void check() {
    read(this);
  }

  /** Whether the node takes what {@code request} asks; what cannot be read takes nothing. */
  public boolean accepts(Request request) {
    if (accept.isEmpty()) {
      return true;
    }
    Read read = remembered();
    return read.readable() && (read.accept() == null || read.accept().holds(request));
  }

  /** How much the node likes it, 0 to 10,000; 0 where it does not say. */
  public int likes(Request request) {
    JobExpression prefer = this.prefer.isEmpty() ? null : remembered().prefer();
    return prefer == null ? 0 : prefer.score(request);
  }

  /** The facts of a job that they speak of, by name; empty where they say nothing. */
  public Set<String> speakOf() {
    if (equals(NONE)) {
      return Set.of();
    }
    Read read = remembered();
    var facts = new HashSet<String>();
    Stream.of(Optional.ofNullable(read.accept()), Optional.ofNullable(read.prefer()))
        .flatMap(Optional::stream)
        .forEach(expression -> facts.addAll(expression.facts()));
    return Set.copyOf(facts);
  }

  private Read remembered() {
    synchronized (REMEMBERED) {
      Read known = REMEMBERED.get(this);
      if (known != null) {
        return known;
      }
    }
    Read read;
    try {
      read = read(this);
    } catch (ProblemException unreadable) {
      read = new Read(false, null, null);
    }
    synchronized (REMEMBERED) {
      REMEMBERED.put(this, read);
    }
    return read;
  }

  private static Read read(OwnTerms terms) {
    return new Read(
        true,
        terms.accept.isEmpty() ? null : JobExpression.condition("accept", terms.accept),
        terms.prefer.isEmpty() ? null : JobExpression.score("prefer", terms.prefer));
  }
}
