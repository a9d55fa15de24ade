package xyz.openledger.verification.gate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

/**
 * A host for the tests: input and output are streams, the clock counts its calls, randomness is a
 * counter. It answers exactly as {@code run-gated.mjs} does, so that engines can be compared.
 */
final class TestHost {

  /** What {@code proc_exit} ends a run with. */
  static final class Exit extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final int code;

    Exit(int code) {
      super("exit " + code);
      this.code = code;
    }
  }

  private final byte[] input;
  private final List<String> arguments;
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private int position;
  private long clock;
  private int random;

  TestHost(byte[] input, List<String> arguments) {
    this.input = input.clone();
    this.arguments = arguments;
  }

  byte[] output() {
    return output.toByteArray();
  }

  ImportValues imports() {
    var builder = ImportValues.builder();
    for (HostFunction function : HostFunction.values()) {
      builder.addFunction(
          new run.endive.runtime.HostFunction(
              HostFunction.MODULE,
              function.importName(),
              FunctionType.of(
                  types(function.signature().parameters()), types(function.signature().results())),
              (instance, arguments) -> call(function, instance, arguments)));
    }
    return builder.build();
  }

  private static ValType[] types(byte[] types) {
    ValType[] list = new ValType[types.length];
    for (int i = 0; i < list.length; i++) {
      list[i] =
          switch (ValueTypes.name(types[i]).toUpperCase(Locale.ROOT)) {
            case "I32" -> ValType.I32;
            case "I64" -> ValType.I64;
            default -> throw new IllegalArgumentException("no host function takes floats");
          };
    }
    return list;
  }

  private long[] call(HostFunction function, Instance instance, long[] arguments) {
    var memory = instance.memory();
    int result =
        switch (function) {
          case ARGS_GET -> arguments(memory, (int) arguments[0], (int) arguments[1]);
          case ARGS_SIZES_GET -> {
            memory.writeI32((int) arguments[0], this.arguments.size());
            memory.writeI32((int) arguments[1], String.join("0", this.arguments).length() + 1);
            yield 0;
          }
          case ENVIRON_GET, FD_CLOSE, SCHED_YIELD -> 0;
          case ENVIRON_SIZES_GET -> {
            memory.writeI32((int) arguments[0], 0);
            memory.writeI32((int) arguments[1], 0);
            yield 0;
          }
          case CLOCK_RES_GET -> {
            memory.writeLong((int) arguments[1], 1);
            yield 0;
          }
          case CLOCK_TIME_GET -> {
            memory.writeLong((int) arguments[2], ++clock);
            yield 0;
          }
          case FD_FDSTAT_GET -> {
            memory.fill((byte) 0, (int) arguments[1], (int) arguments[1] + 24);
            memory.writeByte((int) arguments[1], (byte) 2);
            yield 0;
          }
          case FD_PRESTAT_GET, FD_PRESTAT_DIR_NAME -> 8;
          case FD_READ -> read(memory, arguments);
          case FD_SEEK -> 70;
          case FD_WRITE -> write(memory, arguments);
          case PROC_EXIT -> throw new Exit((int) arguments[0]);
          case RANDOM_GET -> {
            for (int i = 0; i < (int) arguments[1]; i++) {
              memory.writeByte((int) arguments[0] + i, (byte) (random++ * 167 + 13));
            }
            yield 0;
          }
        };
    return new long[] {result};
  }

  private int arguments(Memory memory, int pointers, int start) {
    int at = start;
    for (int i = 0; i < arguments.size(); i++) {
      byte[] text = (arguments.get(i) + "\0").getBytes(StandardCharsets.UTF_8);
      memory.writeI32(pointers + 4 * i, at);
      memory.write(at, text);
      at += text.length;
    }
    return 0;
  }

  private int read(Memory memory, long[] arguments) {
    int total = 0;
    for (int i = 0; i < (int) arguments[2]; i++) {
      int at = (int) arguments[1] + 8 * i;
      int length = Math.min(memory.readInt(at + 4), input.length - position);
      memory.write(memory.readInt(at), Arrays.copyOfRange(input, position, position + length));
      position += length;
      total += length;
    }
    memory.writeI32((int) arguments[3], total);
    return 0;
  }

  private int write(Memory memory, long[] arguments) {
    int total = 0;
    for (int i = 0; i < (int) arguments[2]; i++) {
      int at = (int) arguments[1] + 8 * i;
      byte[] bytes = memory.readBytes(memory.readInt(at), memory.readInt(at + 4));
      output.write(bytes, 0, bytes.length);
      total += bytes.length;
    }
    memory.writeI32((int) arguments[3], total);
    return 0;
  }
}
