package xyz.openledger.pools;

/**
 * What the other sides' ranks do to a score: how much the pool likes the node by its {@code
 * prefer}, and the node the job by its own. Each takes a tenth at the most:
 *
 * <pre>
 *   score = what the policy says × (90,000 + pool's liking) / 100,000
 *                                × (90,000 + node's liking) / 100,000        likings 0 to 10,000
 * </pre>
 *
 * <p>Who says nothing likes everything fully. So nobody gains by saying that a node or a job is
 * liked: only saying which is liked less changes anything, and then against the one that is.
 */
public final class Liking {
  private static final int REST = 90_000;
  private static final int WHOLE = REST + Score.MAX;

  private Liking() {}

  /** The score of {@code node} given what the policy makes of it; no more than that. */
  static int of(Request request, Node node, int policy) {
    int own = own(request, node);
    return node.liking() == Score.MAX && own == Score.MAX
        ? policy
        : (int) ((long) policy * (REST + node.liking()) * (REST + own) / ((long) WHOLE * WHOLE));
  }

  /** How much a node likes a job; fully where it does not say. */
  private static int own(Request request, Node node) {
    return node.terms().prefer().isEmpty() ? Score.MAX : node.terms().likes(request);
  }

  /** What a chosen node's score lost; empty if nothing. */
  public static String words(Request request, Node node) {
    int own = own(request, node);
    String pool =
        node.liking() == Score.MAX ? "" : "liked %d of 10000 by its pool".formatted(node.liking());
    String job = own == Score.MAX ? "" : "likes the job %d of 10000".formatted(own);
    return Locality.joined(pool, job);
  }
}
