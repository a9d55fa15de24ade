package xyz.openledger.nodes.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.Memory;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.types.MemoryLimits;

class LinearMemoryTest {
  private static final int OPERATIONS = 20_000;
  private static final int PAGES_MAX = 9;

  /**
   * The engine's own memory is the reference: whatever is asked, both answer alike or both trap.
   */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6})
  void behavesAsTheEnginesOwn(int seed) {
    var random = new SplittableRandom(seed);
    Memory ours = new LinearMemory(1, PAGES_MAX);
    Memory theirs = new ByteArrayMemory(new MemoryLimits(1, PAGES_MAX));

    for (int i = 0; i < OPERATIONS; i++) {
      var operation = operation(random, ours.pages() * Memory.PAGE_SIZE);
      assertThat(answer(ours, operation))
          .as("operation %d", i)
          .isEqualTo(answer(theirs, operation));
    }

    int size = ours.pages() * Memory.PAGE_SIZE;
    assertThat(theirs.pages()).isEqualTo(ours.pages());
    assertThat(ours.readBytes(0, size)).isEqualTo(theirs.readBytes(0, size));
  }

  private static Object answer(Memory memory, Function<Memory, Object> operation) {
    try {
      return operation.apply(memory);
    } catch (WasmEngineException trap) {
      return "trap";
    }
  }

  private static Function<Memory, Object> operation(SplittableRandom random, int size) {
    int address = address(random, size);
    int other = address(random, size);
    int length = random.nextInt(5) == 0 ? random.nextInt() : random.nextInt(300);
    long value = random.nextLong();
    int growth = random.nextInt(40) == 0 ? 1 : (int) value | 1 << 20;
    return switch (random.nextInt(16)) {
      case 0 -> memory -> memory.read(address);
      case 1 -> memory -> memory.readShort(address);
      case 2 -> memory -> memory.readInt(address);
      case 3 -> memory -> memory.readLong(address);
      case 4 -> memory -> Float.floatToRawIntBits(memory.readFloat(address));
      case 5 -> memory -> Double.doubleToRawLongBits(memory.readDouble(address));
      case 6 -> memory -> memory.readU16(address);
      case 7 -> done(memory -> memory.writeByte(address, (byte) value));
      case 8 -> done(memory -> memory.writeShort(address, (short) value));
      case 9 -> done(memory -> memory.writeI32(address, (int) value));
      case 10 -> done(memory -> memory.writeLong(address, value));
      case 11 -> done(memory -> memory.writeF32(address, Float.intBitsToFloat((int) value)));
      case 12 -> done(memory -> memory.writeF64(address, Double.longBitsToDouble(value)));
      case 13 -> done(memory -> memory.copy(address, other, length));
      case 14 -> done(memory -> memory.fill((byte) value, address, address + length));
      default -> memory -> memory.grow(growth);
    };
  }

  private static Function<Memory, Object> done(java.util.function.Consumer<Memory> body) {
    return memory -> {
      body.accept(memory);
      return "done";
    };
  }

  /** Mostly inside, often at an edge, sometimes anywhere. */
  private static int address(SplittableRandom random, int size) {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextInt();
      case 1, 2 -> size - random.nextInt(12);
      case 3 -> Memory.PAGE_SIZE * random.nextInt(size / Memory.PAGE_SIZE + 1) - random.nextInt(9);
      default -> random.nextInt(size);
    };
  }
}
