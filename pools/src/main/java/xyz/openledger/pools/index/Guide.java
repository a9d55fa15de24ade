package xyz.openledger.pools.index;

import java.util.List;

/**
 * Narrows a question to rows that do well where the ranking weighs: from boundary to boundary of
 * the weighed columns, each time the step that raises the mean score most for the rows it costs.
 */
final class Guide {
  /** Beyond this a boundary says too little about today's rows. */
  private static final double SHARE_MIN = 0.02;

  private final RangeColumn range;
  private final int weight;
  private int place;

  private Guide(RangeColumn range, int weight) {
    this.range = range;
    this.weight = weight;
    place = weight > 0 ? -1 : range.boundaries().length;
  }

  /** Asks in addition for about {@code share} of the rows that satisfy the question. */
  static void narrow(Table table, Ranking ranking, double share, Bitmaps asked) {
    List<Guide> guides =
        ranking.weights().stream()
            .filter(weight -> weight.weight() != 0 && table.isOrdered(weight.column()))
            .map(weight -> new Guide(table.range(weight.column()), weight.weight()))
            .toList();
    double left = 1;
    while (true) {
      Guide best = null;
      double most = 0;
      for (Guide guide : guides) {
        double gain = guide.gain();
        if (gain > most && left * guide.cost() >= share) {
          best = guide;
          most = gain;
        }
      }
      if (best == null) {
        break;
      }
      left *= best.cost();
      best.place = best.next();
    }
    guides.forEach(guide -> guide.ask(asked));
  }

  private int next() {
    return weight > 0 ? place + 1 : place - 1;
  }

  /** What part of its rows the next step leaves; 0 if there is no step. */
  private double cost() {
    int next = next();
    if (next < 0 || next >= range.boundaries().length || share(next) < SHARE_MIN) {
      return 0;
    }
    return share(next) / share(place);
  }

  /** What the step adds to the score for each factor e of rows that it costs. */
  private double gain() {
    double cost = cost();
    if (cost == 0) {
      return 0;
    }
    double added = Math.abs((double) weight * (code(next()) - code(place)));
    return cost >= 1 ? added / Double.MIN_NORMAL : added / -Math.log(cost);
  }

  private double share(int boundary) {
    if (boundary < 0 || boundary >= range.boundaries().length) {
      return 1;
    }
    return weight > 0 ? range.share(boundary) : 1 - range.share(boundary);
  }

  private int code(int boundary) {
    if (boundary < 0) {
      return 0;
    }
    return boundary < range.boundaries().length ? range.boundaries()[boundary] : range.highest();
  }

  private void ask(Bitmaps asked) {
    if (weight > 0 && place >= 0) {
      asked.require(range.bitmap(place));
    } else if (weight < 0 && place < range.boundaries().length) {
      asked.exclude(range.bitmap(place));
    }
  }
}
