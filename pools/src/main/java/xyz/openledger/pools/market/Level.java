package xyz.openledger.pools.market;

import org.jspecify.annotations.Nullable;

/** The orders of one side at one price, first come first: a list that any order leaves at once. */
final class Level {
  final long price;
  long units;
  int orders;
  @Nullable Resting first;
  private @Nullable Resting last;

  Level(long price) {
    this.price = price;
  }

  /** One order as it rests. */
  static final class Resting {
    final Order order;
    final Level level;
    long units;
    @Nullable Resting next;
    private @Nullable Resting previous;

    Resting(Order order, Level level) {
      this.order = order;
      this.level = level;
      this.units = order.units();
    }
  }

  Resting add(Order order) {
    var resting = new Resting(order, this);
    resting.previous = last;
    if (last == null) {
      first = resting;
    } else {
      last.next = resting;
    }
    last = resting;
    units += resting.units;
    orders++;
    return resting;
  }

  void fill(Resting resting, long filled) {
    resting.units -= filled;
    units -= filled;
  }

  void remove(Resting resting) {
    Resting before = resting.previous;
    Resting after = resting.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    units -= resting.units;
    orders--;
  }
}
