package xyz.openledger.nodes.execution;

import static run.endive.runtime.ConstantEvaluators.computeConstantValue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.WasmRuntimeException;
import run.endive.wasm.UninstantiableException;
import run.endive.wasm.types.ActiveDataSegment;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.PassiveDataSegment;

/**
 * A program's memory: one array of bytes, little-endian, that grows by doubling up to a cap.
 *
 * <p>The array may be longer than the memory, so each access checks against the memory's own size;
 * growing page by page then costs no more than twice the bytes, however a program goes about it.
 */
final class LinearMemory implements Memory {
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);
  private static final VarHandle FLOAT = view(float[].class);
  private static final VarHandle DOUBLE = view(double[].class);

  private final int initialPages;
  private final int maximumPages;
  private byte[] bytes;
  private int size;
  private long refusedGrowths;
  private DataSegment @Nullable [] segments;

  /**
   * A memory of zeros.
   *
   * @param initialPages at most {@code maximumPages}
   * @param maximumPages at most 16,384, which is a gigabyte
   */
  LinearMemory(int initialPages, int maximumPages) {
    this.initialPages = initialPages;
    this.maximumPages = maximumPages;
    this.size = initialPages * PAGE_SIZE;
    this.bytes = new byte[size];
  }

  /** Whether {@code length} bytes from {@code address}, read as unsigned, lie in the memory. */
  boolean holds(int address, long length) {
    return Integer.toUnsignedLong(address) + length <= size;
  }

  /** For host functions: refuses with {@link Errno#FAULT} what the memory does not hold. */
  void require(int address, long length) {
    if (!holds(address, length)) {
      throw Errno.FAULT.refusal();
    }
  }

  /** The bytes themselves, at least as long as the memory; valid until it grows. */
  byte[] bytes() {
    return bytes;
  }

  @Override
  public int pages() {
    return size / PAGE_SIZE;
  }

  @Override
  public int grow(int count) {
    int before = pages();
    if (count < 0 || count > maximumPages - before) {
      refusedGrowths++;
      return -1;
    }
    int grown = (before + count) * PAGE_SIZE;
    if (grown > bytes.length) {
      long capacity = Math.min((long) maximumPages * PAGE_SIZE, Math.max(grown, 2L * bytes.length));
      bytes = Arrays.copyOf(bytes, (int) capacity);
    }
    size = grown;
    return before;
  }

  /** How often the program asked for more than it may have. */
  long refusedGrowths() {
    return refusedGrowths;
  }

  @Override
  public int initialPages() {
    return initialPages;
  }

  @Override
  public int maximumPages() {
    return maximumPages;
  }

  @Override
  public byte read(int address) {
    return bytes[check(address, Byte.BYTES)];
  }

  @Override
  public short readShort(int address) {
    return (short) SHORT.get(bytes, check(address, Short.BYTES));
  }

  @Override
  public int readInt(int address) {
    return (int) INT.get(bytes, check(address, Integer.BYTES));
  }

  @Override
  public long readLong(int address) {
    return (long) LONG.get(bytes, check(address, Long.BYTES));
  }

  @Override
  public float readFloat(int address) {
    return (float) FLOAT.get(bytes, check(address, Float.BYTES));
  }

  @Override
  public double readDouble(int address) {
    return (double) DOUBLE.get(bytes, check(address, Double.BYTES));
  }

  @Override
  public long readU16(int address) {
    return Short.toUnsignedLong(readShort(address));
  }

  @Override
  public long readF32(int address) {
    return readInt(address);
  }

  @Override
  public long readF64(int address) {
    return readLong(address);
  }

  @Override
  public void writeByte(int address, byte value) {
    bytes[check(address, Byte.BYTES)] = value;
  }

  @Override
  public void writeShort(int address, short value) {
    SHORT.set(bytes, check(address, Short.BYTES), value);
  }

  @Override
  public void writeI32(int address, int value) {
    INT.set(bytes, check(address, Integer.BYTES), value);
  }

  @Override
  public void writeLong(int address, long value) {
    LONG.set(bytes, check(address, Long.BYTES), value);
  }

  @Override
  public void writeF32(int address, float value) {
    FLOAT.set(bytes, check(address, Float.BYTES), value);
  }

  @Override
  public void writeF64(int address, double value) {
    DOUBLE.set(bytes, check(address, Double.BYTES), value);
  }

  @Override
  public void write(int address, byte[] data, int offset, int length) {
    if (offset < 0 || length < 0 || offset > data.length - length) {
      throw outOfBounds(address, length);
    }
    System.arraycopy(data, offset, bytes, check(address, length), length);
  }

  @Override
  public byte[] readBytes(int address, int length) {
    int from = check(address, length);
    return Arrays.copyOfRange(bytes, from, from + length);
  }

  @Override
  public void fill(byte value, int from, int to) {
    int start = check(from, to - from);
    Arrays.fill(bytes, start, to, value);
  }

  @Override
  public void copy(int target, int source, int length) {
    System.arraycopy(bytes, check(source, length), bytes, check(target, length), length);
  }

  @Override
  public void zero() {
    // Fresh from the constructor, and no instance shares a memory with another.
  }

  @Override
  public void initialize(Instance instance, DataSegment[] dataSegments) {
    initialize(instance, dataSegments, 0);
  }

  @Override
  public void initialize(Instance instance, DataSegment[] dataSegments, int memoryIndex) {
    // Shared with the instance on purpose: a segment that either of us drops is gone for both.
    segments = dataSegments;
    for (DataSegment segment : dataSegments) {
      if (segment instanceof ActiveDataSegment active && active.index() == memoryIndex) {
        int address = (int) computeConstantValue(instance, active.offsetInstructions())[0];
        if (!holds(address, active.data().length)) {
          throw new UninstantiableException("a data segment lies outside the memory");
        }
        System.arraycopy(active.data(), 0, bytes, address, active.data().length);
      }
    }
  }

  @Override
  public void initPassiveSegment(int segment, int target, int offset, int length) {
    write(target, segments()[segment].data(), offset, length);
  }

  @Override
  public void drop(int segment) {
    segments()[segment] = PassiveDataSegment.EMPTY;
  }

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  @Deprecated(forRemoval = true)
  @SuppressWarnings("removal")
  public Object lock(int address) {
    throw new UnsupportedOperationException("the gate refuses shared memory");
  }

  @Override
  @Deprecated(forRemoval = true)
  @SuppressWarnings("removal")
  public int waitOn(int address, int expected, long timeout) {
    throw new UnsupportedOperationException("the gate refuses shared memory");
  }

  @Override
  @Deprecated(forRemoval = true)
  @SuppressWarnings("removal")
  public int waitOn(int address, long expected, long timeout) {
    throw new UnsupportedOperationException("the gate refuses shared memory");
  }

  @Override
  @Deprecated(forRemoval = true)
  @SuppressWarnings("removal")
  public int notify(int address, int maxThreads) {
    throw new UnsupportedOperationException("the gate refuses shared memory");
  }

  private DataSegment[] segments() {
    DataSegment[] present = segments;
    if (present == null) {
      throw new IllegalStateException("the memory has not been initialized");
    }
    return present;
  }

  /** Answers {@code address}, or traps. Neither side of the comparison can overflow. */
  private int check(int address, int length) {
    if (address < 0 || length < 0 || address > size - length) {
      throw outOfBounds(address, length);
    }
    return address;
  }

  private WasmRuntimeException outOfBounds(int address, int length) {
    return new WasmRuntimeException(
        "out of bounds memory access: %d bytes at %d, the memory has %d"
            .formatted(
                Integer.toUnsignedLong(length), Integer.toUnsignedLong(address), (long) size));
  }

  private static VarHandle view(Class<?> arrayType) {
    return MethodHandles.byteArrayViewVarHandle(arrayType, ByteOrder.LITTLE_ENDIAN);
  }
}
