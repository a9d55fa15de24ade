package xyz.openledger.cluster.member;

import java.util.ArrayList;
import java.util.List;

/** Takes of a list that may change a few at a time, so that all have their turn. */
final class Turns {
  private final int most;
  private int next;

  Turns(int most) {
    this.most = most;
  }

  /** Those whose turn it is now. */
  <T> List<T> of(List<T> all) {
    if (all.size() <= most) {
      next = 0;
      return all;
    }
    var now = new ArrayList<T>(most);
    for (int i = 0; i < most; i++) {
      now.add(all.get((next + i) % all.size()));
    }
    next = (next + most) % all.size();
    return now;
  }
}
