package xyz.openledger.nodes.execution;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import run.endive.runtime.GlobalInstance;
import run.endive.runtime.Instance;
import run.endive.wasm.types.ValType;
import xyz.openledger.protocol.Digest;
import xyz.openledger.verification.dispute.Checkpoints;
import xyz.openledger.verification.gate.FuelSchedule;
import xyz.openledger.verification.gate.GatedModule;

/**
 * Notes where a program stands when it calls the host, seldom enough that hashing its memory costs
 * little beside running it. A call of the host is where the fuel is exact on every engine. What is
 * on the program's stack and in its locals no engine tells: it shows once it has been written.
 */
final class StateTrace {
  private static final byte[] DOMAIN =
      "openledger wasm checkpoint 1".getBytes(StandardCharsets.US_ASCII);

  /** No checkpoint before so much fuel has been used since the last. */
  private static final long FUEL_MIN = 1L << 16;

  /**
   * So much for each byte of memory: about what hashing it takes, and half of that each doubling.
   */
  private static final long FUEL_PER_BYTE = 4;

  private final LinearMemory memory;
  private final WasiWorld world;
  private final long fuelMax;
  private List<Checkpoints.At> all = new ArrayList<>();
  private long last;
  private long stretch = 1;

  private final MessageDigest written = Digest.sha256();
  private int writtenBytes;

  StateTrace(LinearMemory memory, WasiWorld world, long fuelMax) {
    this.memory = memory;
    this.world = world;
    this.fuelMax = fuelMax;
  }

  /** Before the host does what it is called for. */
  void calledBy(Instance instance) {
    long used = used(instance);
    long bytes = (long) memory.pages() * LinearMemory.PAGE_SIZE;
    if (used - last >= stretch * Math.max(FUEL_MIN, FUEL_PER_BYTE * bytes)) {
      last = used;
      all.add(new Checkpoints.At(used, state(instance, used)));
      if (all.size() == Checkpoints.MOST - 1) {
        thin();
      }
    }
  }

  /** All of them, with where it stands in the end. */
  Checkpoints end(Instance instance) {
    long used = used(instance);
    all.add(new Checkpoints.At(used, state(instance, used)));
    return new Checkpoints(all);
  }

  /** Every second one is enough for a run that turns out to be twice as long. */
  private void thin() {
    var kept = new ArrayList<Checkpoints.At>();
    for (int i = 1; i < all.size(); i += 2) {
      kept.add(all.get(i));
    }
    all = kept;
    last = kept.getLast().fuelUsed();
    stretch *= 2;
  }

  private long used(Instance instance) {
    return FuelSchedule.used(
        fuelMax, instance.exports().global(GatedModule.FUEL_EXPORT).getValue());
  }

  private byte[] soFar() {
    try {
      return ((MessageDigest) written.clone()).digest();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the SHA-256 of every JDK can be cloned", e);
    }
  }

  private Digest state(Instance instance, long used) {
    MessageDigest hash = Digest.sha256();
    hash.update(DOMAIN);
    int pages = memory.pages();
    hash.update(ByteBuffer.allocate(12).putLong(used).putInt(pages).flip());
    for (int i = 0; i < instance.globalCount(); i++) {
      GlobalInstance global = instance.global(i);
      boolean narrow = global.getType().equals(ValType.I32) || global.getType().equals(ValType.F32);
      long value = global.getValue();
      hash.update(
          ByteBuffer.allocate(Long.BYTES).putLong(narrow ? value & 0xffff_ffffL : value).flip());
    }
    hash.update(world.state());
    writtenBytes = world.hashOutput(written, writtenBytes);
    hash.update(soFar());
    hash.update(memory.bytes(), 0, pages * LinearMemory.PAGE_SIZE);
    return Digest.wrap(hash.digest());
  }
}
