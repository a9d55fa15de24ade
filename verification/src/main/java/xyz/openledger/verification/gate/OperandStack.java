package xyz.openledger.verification.gate;

import static xyz.openledger.verification.gate.ValueTypes.ANY;
import static xyz.openledger.verification.gate.ValueTypes.withoutBits;

import java.util.Arrays;
import xyz.openledger.verification.gate.GateRefusal.Reason;

/**
 * The types of the values an instruction would find on the stack, as in the validation algorithm of
 * the WebAssembly specification (appendix A.3). Values below a block's floor are not its own; above
 * an unconditional branch a block may take what it likes.
 */
final class OperandStack {

  private final int max;
  private int[] types = new int[32];
  private int size;
  private int deepest;
  private int floor;
  private boolean polymorphic;

  OperandStack(int max) {
    this.max = max;
  }

  int size() {
    return size;
  }

  /** The most values there were at once. */
  int deepest() {
    return deepest;
  }

  /** Sets where the innermost block's own values begin, and whether it takes what it likes. */
  void enter(int newFloor, boolean newPolymorphic) {
    floor = newFloor;
    polymorphic = newPolymorphic;
  }

  /** What follows an unconditional branch: the block's values are gone, any may be taken. */
  void clearToFloor() {
    size = floor;
    polymorphic = true;
  }

  void push(int type, int at) {
    if (size == max) {
      throw new GateRefusal(
          Reason.LIMIT_EXCEEDED,
          at,
          "an expression holds more than " + max + " values at once; split the function");
    }
    if (size == types.length) {
      types = Arrays.copyOf(types, 2 * size);
    }
    types[size++] = type;
    deepest = Math.max(deepest, size);
  }

  void pushAll(byte[] list, int at) {
    for (byte type : list) {
      push(type, at);
    }
  }

  /** Takes any value and returns its type with what is known of its bits. */
  int pop(int at) {
    if (size > floor) {
      return types[--size];
    }
    if (polymorphic) {
      return ANY;
    }
    throw new GateRefusal(
        Reason.TYPE_MISMATCH,
        at,
        "the instruction takes a value and the stack is empty; rebuild the module");
  }

  /** Takes a value of {@code expected} and returns its type with what is known of its bits. */
  int pop(int expected, int at) {
    int found = pop(at);
    if (withoutBits(found) != expected && found != ANY) {
      throw new GateRefusal(
          Reason.TYPE_MISMATCH,
          at,
          "the instruction takes "
              + ValueTypes.name(expected)
              + " and finds "
              + ValueTypes.name(found)
              + "; rebuild the module");
    }
    return found;
  }

  void popAll(byte[] list, int at) {
    for (int i = list.length - 1; i >= 0; i--) {
      pop(list[i], at);
    }
  }

  /** Requires that {@code list} could be taken, and takes nothing. */
  void peekAll(byte[] list, int at) {
    int before = size;
    popAll(list, at);
    size = before;
  }

  /** Requires that the innermost block leaves nothing but what has been taken. */
  void requireFloor(int at) {
    if (size != floor) {
      throw new GateRefusal(
          Reason.TYPE_MISMATCH,
          at,
          "a block leaves " + (size - floor) + " values too many; rebuild the module");
    }
  }
}
