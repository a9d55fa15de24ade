package xyz.openledger.pools;

import xyz.openledger.protocol.Address;

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

  /** Leaves out what an owner has. */
  void strike(Address owner);

  /** One of them. */
  record Pick(Node node, int score) {}
}
