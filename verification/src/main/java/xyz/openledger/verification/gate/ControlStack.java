package xyz.openledger.verification.gate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.verification.gate.GateRefusal.Reason;

/** The blocks an instruction stands in, innermost last, and their share of the operand stack. */
final class ControlStack {

  /** One open block. */
  static final class Frame {
    final int opcode;
    final Signature type;
    private final int floor;
    private boolean unreachable;

    /** Whether a branch that can run goes to this block. */
    boolean targeted;

    /** For a loop, the run that begins at its head; null in dead code. */
    Meter.@Nullable Charge head;

    private Frame(int opcode, Signature type, int floor) {
      this.opcode = opcode;
      this.type = type;
      this.floor = floor;
    }

    /** The types a branch to this block carries. */
    byte[] labelTypes() {
      return opcode == Opcodes.LOOP ? type.parameters() : type.results();
    }
  }

  private final OperandStack operands;
  private final int nestingMax;
  private final List<Frame> frames = new ArrayList<>();

  ControlStack(OperandStack operands, int nestingMax) {
    this.operands = operands;
    this.nestingMax = nestingMax;
  }

  boolean isEmpty() {
    return frames.isEmpty();
  }

  int depth() {
    return frames.size();
  }

  Frame innermost() {
    return frames.getLast();
  }

  /** Opens a block whose parameters have been taken from the operand stack. */
  Frame push(int opcode, Signature type, int at) {
    if (frames.size() > nestingMax) {
      throw new GateRefusal(
          Reason.LIMIT_EXCEEDED,
          at,
          "blocks stand more than " + nestingMax + " deep in one another; split the function");
    }
    var frame = new Frame(opcode, type, operands.size());
    frames.add(frame);
    operands.enter(frame.floor, false);
    return frame;
  }

  void pop() {
    frames.removeLast();
    if (!frames.isEmpty()) {
      operands.enter(innermost().floor, innermost().unreachable);
    }
  }

  /** Replaces an {@code if} by its {@code else}; branches to the one go to the other. */
  void reopenAsElse() {
    var then = frames.removeLast();
    var otherwise = new Frame(Opcodes.ELSE, then.type, then.floor);
    otherwise.targeted = then.targeted;
    frames.add(otherwise);
    operands.enter(otherwise.floor, false);
  }

  void markUnreachable() {
    innermost().unreachable = true;
    operands.clearToFloor();
  }

  /** The block {@code label} levels out. */
  Frame target(int label, int at) {
    if (label >= frames.size()) {
      throw new GateRefusal(
          Reason.UNKNOWN_INDEX,
          at,
          "a branch leaves " + label + " blocks of " + frames.size() + "; rebuild the module");
    }
    return frames.get(frames.size() - 1 - label);
  }
}
