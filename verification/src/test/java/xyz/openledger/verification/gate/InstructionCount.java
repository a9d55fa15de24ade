package xyz.openledger.verification.gate;

import static xyz.openledger.verification.gate.Opcodes.CALL;
import static xyz.openledger.verification.gate.Opcodes.MEMORY_COPY;
import static xyz.openledger.verification.gate.Opcodes.MEMORY_FILL;
import static xyz.openledger.verification.gate.Opcodes.MEMORY_GROW;
import static xyz.openledger.verification.gate.Opcodes.MEMORY_INIT;

import run.endive.runtime.ExecutionListener;
import run.endive.runtime.MStack;
import run.endive.wasm.types.Instruction;

/**
 * The fuel schedule a second time, and in another way: it watches an interpreter run the module as
 * submitted and adds up what each instruction costs. For a run that returns, what the gated module
 * charges must be exactly this. It does not know entry costs; the programs have fewer than eight
 * locals, where there are none.
 */
final class InstructionCount implements ExecutionListener {

  /** One page of initial memory: what the random programs have. */
  private long fuel = 8_192;

  private long pagesAsked = -1;

  long fuel() {
    return fuel;
  }

  @Override
  public void onExecution(Instruction instruction, MStack stack) {
    if (pagesAsked >= 0) {
      if ((int) stack.peek() != -1) {
        fuel += 8_192 * pagesAsked;
      }
      pagesAsked = -1;
    }
    int opcode = instruction.opcode().opcode();
    fuel += cost(opcode);
    switch (opcode) {
      case MEMORY_COPY, MEMORY_FILL, MEMORY_INIT -> fuel += (stack.peek() & 0xFFFF_FFFFL) / 8;
      case CALL -> fuel += instruction.operand(0) == 0 ? HostFunction.SCHED_YIELD.flatFuel() : 0;
      case MEMORY_GROW -> pagesAsked = stack.peek() & 0xFFFF_FFFFL;
      default -> {}
    }
  }

  /** Written from the table of {@link FuelSchedule}, not from its code. */
  private static int cost(int opcode) {
    return switch (instructionName(opcode)) {
      case "BLOCK", "LOOP", "ELSE", "END", "NOP" -> 0;
      case "I32_DIV_S", "I32_DIV_U", "I32_REM_S", "I32_REM_U" -> 8;
      case "I64_DIV_S", "I64_DIV_U", "I64_REM_S", "I64_REM_U" -> 8;
      case "F32_DIV", "F64_DIV", "F32_SQRT", "F64_SQRT", "CALL_INDIRECT" -> 8;
      case "BR_TABLE", "CALL", "F32_COPYSIGN", "F64_COPYSIGN" -> 4;
      case "F32_CONVERT_I64_U", "F64_CONVERT_I64_U" -> 4;
      case "MEMORY_COPY", "MEMORY_FILL", "MEMORY_INIT" -> 16;
      case "MEMORY_GROW" -> 64;
      default -> 1;
    };
  }

  private static String instructionName(int opcode) {
    return run.endive.wasm.types.OpCode.byOpCode(opcode).name();
  }
}
