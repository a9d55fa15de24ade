package xyz.openledger.nativekernels.strict;

import java.lang.foreign.MemorySegment;

/** Memory of a {@link CudaDevice}: nothing in Java reads it, so its address is never handed out. */
public final class CudaBuffer implements AutoCloseable {
  private final CudaDevice device;
  private final MemorySegment memory;
  private boolean closed;

  CudaBuffer(CudaDevice device, MemorySegment memory) {
    this.device = device;
    this.memory = memory;
  }

  /** Its length. */
  public long bytes() {
    return memory.byteSize();
  }

  /** For kernels and checks of sizes alone. */
  MemorySegment memory() {
    if (closed) {
      throw new IllegalStateException("memory of the device that was given back");
    }
    return memory;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      device.free(memory);
    }
  }
}
