package xyz.openledger.verification.gate;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a body into runs of instructions that are entered only at their start, and adds up what each
 * costs. A run ends where control may go elsewhere (after {@code if}, {@code br_if}) or may come
 * from elsewhere (a loop head, {@code else}, an {@code end} that is branched to).
 */
final class Meter {

  /** One run: charged as a whole where it starts. */
  static final class Charge {
    final int offset;
    private int cost;
    private boolean calls;
    private boolean loopHead;

    private Charge(int offset) {
      this.offset = offset;
    }

    int cost() {
      return cost;
    }

    /** Whether the run has a call, before which the fuel must be exact. */
    boolean calls() {
      return calls;
    }

    /** Whether the run can be reached from its own future. */
    boolean loopHead() {
      return loopHead;
    }

    void markLoopHead() {
      loopHead = true;
    }
  }

  private final List<Charge> charges = new ArrayList<>();
  private Charge current;

  Meter(int bodyStart, int entryCost) {
    current = begin(bodyStart);
    current.cost = entryCost;
  }

  /** Starts a run at {@code offset}. */
  Charge begin(int offset) {
    current = new Charge(offset);
    charges.add(current);
    return current;
  }

  void add(int cost) {
    current.cost += cost;
  }

  void call() {
    current.calls = true;
  }

  /** The runs in the order of the body, without those that cost nothing and need no check. */
  List<Charge> charges() {
    return charges.stream().filter(charge -> charge.cost > 0 || charge.loopHead).toList();
  }
}
