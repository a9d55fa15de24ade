package xyz.openledger.nodes.execution;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * What one program sees of the world through WASI preview 1: its arguments, its input as descriptor
 * 0, its output as descriptor 1, a place for complaints as descriptor 2, a logical clock and random
 * bytes drawn from its task. There are no files, no directories, no environment and no network.
 *
 * <p>A method that refuses throws an {@link Errno}, and then nothing has happened. Input and output
 * count as regular files and not as a terminal, so that a C library buffers them in blocks.
 *
 * <p>What a call costs in fuel is the gate's affair: it puts the charges into the module.
 */
final class WasiWorld {
  private static final int COMPLAINTS_MAX_BYTES = 4096;
  private static final int STANDARD_DESCRIPTORS = 3;
  private static final int INPUT = 0;
  private static final int OUTPUT = 1;
  private static final int CLOCK_IDS = 4;

  private static final int REGULAR_FILE = 4;
  private static final int FDSTAT_BYTES = 24;
  private static final long RIGHT_TO_READ = 1 << 1;
  private static final long RIGHT_TO_WRITE = 1 << 6;

  private final LinearMemory memory;
  private final byte[][] arguments;
  private final byte[] input;
  private final BoundedBytes output;
  private final BoundedBytes complaints = new BoundedBytes(COMPLAINTS_MAX_BYTES);
  private final LogicalClock clock = new LogicalClock();
  private final TaskRandom random;
  private final boolean[] closed = new boolean[STANDARD_DESCRIPTORS];
  private int inputPosition;

  WasiWorld(ExecutionRequest request, LinearMemory memory) {
    this.memory = memory;
    this.arguments = terminated(request.arguments());
    this.input = request.input();
    this.output = new BoundedBytes(request.limits().outputMaxBytes());
    this.random = new TaskRandom(request.taskHash());
  }

  /** What was written to the standard output. */
  byte[] output() {
    return output.toByteArray();
  }

  /**
   * Hashes what was written since there were {@code from} bytes of it.
   *
   * @return how many there are now
   */
  int hashOutput(MessageDigest hash, int from) {
    output.hash(hash, from);
    return (int) output.length();
  }

  /** How far it has been read, written and asked. */
  ByteBuffer state() {
    var state =
        ByteBuffer.allocate(3 * Long.BYTES + Integer.BYTES + STANDARD_DESCRIPTORS)
            .putLong(output.length())
            .putLong(complaints.length())
            .putLong(clock.next())
            .putInt(inputPosition);
    for (boolean it : closed) {
      state.put((byte) (it ? 1 : 0));
    }
    return state.flip();
  }

  /** The first kilobytes of what was written to the standard error, as far as they are text. */
  String complaints() {
    return new String(complaints.toByteArray(), StandardCharsets.UTF_8);
  }

  void argumentSizes(int countPointer, int bytesPointer) {
    sizes(countPointer, arguments.length, bytesPointer, totalLength(arguments));
  }

  void arguments(int pointersPointer, int bytesPointer) {
    int bytes = totalLength(arguments);
    memory.require(pointersPointer, (long) Integer.BYTES * arguments.length);
    memory.require(bytesPointer, bytes);
    int next = bytesPointer;
    for (int i = 0; i < arguments.length; i++) {
      memory.writeI32(pointersPointer + Integer.BYTES * i, next);
      memory.write(next, arguments[i], 0, arguments[i].length);
      next += arguments[i].length;
    }
  }

  void environmentSizes(int countPointer, int bytesPointer) {
    sizes(countPointer, 0, bytesPointer, 0);
  }

  void clockResolution(int clockId, int pointer) {
    requireClock(clockId);
    putLong(pointer, LogicalClock.STEP_NANOS);
  }

  void clockTime(int clockId, int pointer) {
    requireClock(clockId);
    memory.require(pointer, Long.BYTES);
    putLong(pointer, clock.read());
  }

  void random(int pointer, int length) {
    memory.require(pointer, Integer.toUnsignedLong(length));
    random.fill(memory.bytes(), pointer, length);
  }

  void close(int descriptor) {
    requireOpen(descriptor);
    closed[descriptor] = true;
  }

  void read(int descriptor, int vectors, int count, int readPointer) {
    requireOpen(descriptor);
    require(descriptor == INPUT, Errno.BADF);
    var targets = IoVectors.read(memory, vectors, count);
    memory.require(readPointer, Integer.BYTES);

    int length = (int) Math.min(targets.totalBytes(), input.length - inputPosition);
    int end = inputPosition + length;
    for (int i = 0; inputPosition < end; i++) {
      int chunk = Math.min(targets.lengths()[i], end - inputPosition);
      memory.write(targets.pointers()[i], input, inputPosition, chunk);
      inputPosition += chunk;
    }
    memory.writeI32(readPointer, length);
  }

  void write(int descriptor, int vectors, int count, int writtenPointer) {
    requireOpen(descriptor);
    require(descriptor != INPUT, Errno.BADF);
    var sources = IoVectors.read(memory, vectors, count);
    memory.require(writtenPointer, Integer.BYTES);

    BoundedBytes target = descriptor == OUTPUT ? output : complaints;
    if (descriptor == OUTPUT && sources.totalBytes() > output.room()) {
      throw new Stop.OutputFull();
    }
    for (int i = 0; i < sources.count(); i++) {
      // Complaints beyond their limit are dropped, and the program is none the wiser.
      int chunk = (int) Math.min(sources.lengths()[i], target.room());
      if (chunk > 0) {
        target.add(memory.bytes(), sources.pointers()[i], chunk);
      }
    }
    memory.writeI32(writtenPointer, (int) sources.totalBytes());
  }

  /** Refuses: input and output only go forward. */
  void seek(int descriptor) {
    requireOpen(descriptor);
    throw Errno.SPIPE.refusal();
  }

  /** {@code fdstat}: file type at 0, flags at 2, rights at 8, inherited rights at 16. */
  void descriptorStatus(int descriptor, int pointer) {
    requireOpen(descriptor);
    memory.require(pointer, FDSTAT_BYTES);
    memory.fill((byte) 0, pointer, pointer + FDSTAT_BYTES);
    memory.writeByte(pointer, (byte) REGULAR_FILE);
    memory.writeLong(pointer + 8, descriptor == INPUT ? RIGHT_TO_READ : RIGHT_TO_WRITE);
  }

  /** Refuses unless {@code descriptor} is one of the three and not closed. */
  private void requireOpen(int descriptor) {
    require(
        descriptor >= 0 && descriptor < STANDARD_DESCRIPTORS && !closed[descriptor], Errno.BADF);
  }

  private static void requireClock(int clockId) {
    require(clockId >= 0 && clockId < CLOCK_IDS, Errno.INVAL);
  }

  private static void require(boolean holds, Errno otherwise) {
    if (!holds) {
      throw otherwise.refusal();
    }
  }

  private void putLong(int pointer, long value) {
    memory.require(pointer, Long.BYTES);
    memory.writeLong(pointer, value);
  }

  private void sizes(int countPointer, int count, int bytesPointer, int bytes) {
    memory.require(countPointer, Integer.BYTES);
    memory.require(bytesPointer, Integer.BYTES);
    memory.writeI32(countPointer, count);
    memory.writeI32(bytesPointer, bytes);
  }

  private static byte[][] terminated(List<String> arguments) {
    byte[][] terminated = new byte[arguments.size() + 1][];
    terminated[0] = "task\0".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < arguments.size(); i++) {
      terminated[i + 1] = (arguments.get(i) + '\0').getBytes(StandardCharsets.UTF_8);
    }
    return terminated;
  }

  private static int totalLength(byte[][] texts) {
    int total = 0;
    for (byte[] text : texts) {
      total += text.length;
    }
    return total;
  }
}
