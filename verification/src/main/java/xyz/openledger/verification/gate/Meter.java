package xyz.openledger.verification.gate;

import java.util.ArrayList;
import java.util.Arrays;
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
    private boolean loopHead;
    private final int callsFrom;
    private int callsTo;

    private Charge(int offset, int callsFrom) {
      this.offset = offset;
      this.callsFrom = callsFrom;
      this.callsTo = callsFrom;
    }

    int cost() {
      return cost;
    }

    /** Whether the run can be reached from its own future. */
    boolean loopHead() {
      return loopHead;
    }

    void markLoopHead() {
      loopHead = true;
    }

    /** Where the run's calls begin in {@link Meter#callees()}. */
    int callsFrom() {
      return callsFrom;
    }

    /** Before where they end. */
    int callsTo() {
      return callsTo;
    }
  }

  private final List<Charge> charges = new ArrayList<>();
  private Charge current;
  private int[] callees = new int[8];
  private int calls;

  Meter(int bodyStart, int entryCost) {
    current = begin(bodyStart);
    current.cost = entryCost;
  }

  /** Starts a run at {@code offset}. */
  Charge begin(int offset) {
    current = new Charge(offset, calls);
    charges.add(current);
    return current;
  }

  void add(int cost) {
    current.cost += cost;
  }

  /** Notes a call of a function, or {@code ~type} for one through the table. */
  void call(int callee) {
    if (calls == callees.length) {
      callees = Arrays.copyOf(callees, 2 * calls);
    }
    callees[calls++] = callee;
    current.callsTo = calls;
  }

  /** What is called, in the order of the code. */
  int[] callees() {
    return Arrays.copyOf(callees, calls);
  }

  /** The runs in the order of the body, without those that cost nothing and need no check. */
  List<Charge> charges() {
    return charges.stream().filter(charge -> charge.cost > 0 || charge.loopHead).toList();
  }
}
