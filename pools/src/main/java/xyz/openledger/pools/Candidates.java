package xyz.openledger.pools;

/** The nodes that may run a task, as a draw sees them. */
interface Candidates {
  /** How many there are. */
  int size();

  /** The best figures among all of them. */
  Score.Field field();

  /** Lays out those without a history and answers how many they are. */
  int newcomers();

  /**
   * Lays out those whose score is at most {@code margin} below the best of those whose owner has
   * not been struck, and answers how many they are.
   */
  int asGoodAsTheBest(int margin);

  /** The one at that place of what was laid out, in the order of ids. */
  Pick pick(int place);

  /** A replica goes to that node: leaves out what its owner has, and what must be apart from it. */
  void took(Node node);

  /** One of them. */
  record Pick(Node node, int score) {}
}
