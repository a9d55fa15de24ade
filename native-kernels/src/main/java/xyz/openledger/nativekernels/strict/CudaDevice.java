package xyz.openledger.nativekernels.strict;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import xyz.openledger.nativekernels.Kernels;

/**
 * Products, adapters and attention on the first graphics processor, with the bits of {@link
 * StrictKernels}. What is large lies in {@link CudaBuffer}s; arrays that say where things are, in
 * ordinary memory, are checked and copied with each call. One caller at a time.
 */
public final class CudaDevice implements AutoCloseable {
  private static final int NAME_BYTES = 256;

  /** Keys and values in memory of the device, as {@link StrictAttention.Pages}. */
  public record Pages(
      CudaBuffer keys,
      CudaBuffer values,
      int pageTokens,
      long pageStride,
      long tokenStride,
      long headStride) {
    StrictAttention.Pages places() {
      return new StrictAttention.Pages(
          keys.memory(), values.memory(), pageTokens, pageStride, tokenStride, headStride);
    }
  }

  private final CudaLibrary library;
  private @Nullable CudaBuffer arrays;
  private @Nullable CudaBuffer inner;

  private CudaDevice(CudaLibrary library) {
    this.library = library;
  }

  /** Looks for a device; the library of this build loads without a driver, and then says so. */
  public static CudaSearch find() {
    try {
      return find(Kernels.cudaLibrary());
    } catch (UnsatisfiedLinkError | IllegalCallerException none) {
      return new CudaSearch.Absent("no library for CUDA: " + none.getMessage());
    }
  }

  static CudaSearch find(SymbolLookup symbols) {
    CudaLibrary library = CudaLibrary.of(symbols);
    try (Arena arena = Arena.ofConfined()) {
      int devices = (int) library.devices().invokeExact();
      if (devices < 1) {
        return new CudaSearch.Absent("no CUDA device: " + objection(library));
      }
      MemorySegment name = arena.allocate(NAME_BYTES);
      checked(library, (int) library.name().invokeExact(name, NAME_BYTES));
      return new CudaSearch.Found(
          new CudaDevice(library), name.getString(0, StandardCharsets.UTF_8), devices);
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  /** Memory of the device; what it holds is not said. */
  @SuppressWarnings("restricted") // nothing in Java reads it; its length serves checks
  public CudaBuffer allocate(long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pointer = arena.allocate(ADDRESS);
      checked(library, (int) library.allocate().invokeExact(bytes, pointer));
      return new CudaBuffer(this, pointer.get(ADDRESS, 0).reinterpret(bytes));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  /** Copies from ordinary memory to the begin of the device's. */
  public void upload(MemorySegment from, CudaBuffer to) {
    copy(library.upload(), to.memory(), from, Math.min(to.bytes(), from.byteSize()), from);
  }

  /** Waits for what was asked before, and copies as much as fits. */
  public void download(CudaBuffer from, MemorySegment to) {
    copy(library.download(), to, from.memory(), Math.min(from.bytes(), to.byteSize()), to);
  }

  private void copy(
      MethodHandle handle, MemorySegment to, MemorySegment from, long bytes, MemorySegment ours) {
    if (!ours.isNative()) {
      throw new IllegalArgumentException("buffers are off-heap");
    }
    try {
      checked(library, (int) handle.invokeExact(to, from, bytes));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  /** {@link StrictProducts#linear}. */
  public void linear(
      int rows,
      int outputs,
      int inputs,
      CudaBuffer x,
      long strideX,
      WeightType type,
      CudaBuffer w,
      long strideW,
      CudaBuffer y,
      long strideY,
      boolean accumulate) {
    Checks.linear(
        rows, outputs, inputs, x.memory(), strideX, type, w.memory(), strideW, y.memory(), strideY);
    try {
      checked(
          library,
          (int)
              library
                  .linear()
                  .invokeExact(
                      rows,
                      outputs,
                      inputs,
                      x.memory(),
                      strideX,
                      Native.code(type),
                      w.memory(),
                      strideW,
                      y.memory(),
                      strideY,
                      accumulate ? 1 : 0));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  /** {@link StrictProducts#linearPacked}. */
  public void linearPacked(
      int rows,
      int outputs,
      int inputs,
      CudaBuffer x,
      long strideX,
      WeightType type,
      CudaBuffer packed,
      CudaBuffer y,
      long strideY,
      boolean accumulate) {
    Checks.linearPacked(
        rows, outputs, inputs, x.memory(), strideX, type, packed.memory(), y.memory(), strideY);
    try {
      checked(
          library,
          (int)
              library
                  .linearPacked()
                  .invokeExact(
                      rows,
                      outputs,
                      inputs,
                      x.memory(),
                      strideX,
                      Native.code(type),
                      packed.memory(),
                      y.memory(),
                      strideY,
                      accumulate ? 1 : 0));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  /** {@link StrictProducts#lora}; starts, ranks, scales and offsets lie in ordinary memory. */
  public void lora(
      int segments,
      MemorySegment starts,
      MemorySegment ranks,
      MemorySegment scales,
      MemorySegment offsetsA,
      MemorySegment offsetsB,
      WeightType type,
      CudaBuffer slab,
      int inputs,
      int outputs,
      CudaBuffer x,
      long strideX,
      CudaBuffer y,
      long strideY) {
    Checks.lora(
        segments,
        starts,
        ranks,
        scales,
        offsetsA,
        offsetsB,
        type,
        slab.memory(),
        inputs,
        outputs,
        x.memory(),
        strideX,
        y.memory(),
        strideY);
    int rows = Memory.integer(starts, segments);
    if (segments == 0 || rows == 0) {
      return;
    }
    CudaBuffer between = large(inner, (long) rows * StrictProducts.RANK_MAX * Float.BYTES);
    inner = between;
    try (var sent = new CudaArrays(5)) {
      sent.add(starts, (segments + 1L) * Integer.BYTES);
      sent.add(ranks, (long) segments * Integer.BYTES);
      sent.add(scales, (long) segments * Float.BYTES);
      sent.add(offsetsA, (long) segments * Long.BYTES);
      sent.add(offsetsB, (long) segments * Long.BYTES);
      MemorySegment at = send(sent);
      checked(
          library,
          (int)
              library
                  .lora()
                  .invokeExact(
                      segments,
                      rows,
                      sent.place(at, 0),
                      sent.place(at, 1),
                      sent.place(at, 2),
                      sent.place(at, 3),
                      sent.place(at, 4),
                      Native.code(type),
                      slab.memory(),
                      inputs,
                      outputs,
                      x.memory(),
                      strideX,
                      y.memory(),
                      strideY,
                      between.memory()));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  /** {@link StrictAttention#attention}; tables, starts and ends lie in ordinary memory. */
  public void attention(
      int rows,
      int heads,
      int keyHeads,
      int headSize,
      float scale,
      CudaBuffer queries,
      long strideQueries,
      Pages pages,
      MemorySegment tables,
      long tableStride,
      MemorySegment starts,
      MemorySegment ends,
      CudaBuffer out,
      long strideOut) {
    StrictAttention.Pages places = pages.places();
    Checks.attention(
        rows,
        heads,
        keyHeads,
        headSize,
        queries.memory(),
        strideQueries,
        places,
        tables,
        tableStride,
        starts,
        ends,
        out.memory(),
        strideOut);
    if (rows == 0) {
      return;
    }
    try (var sent = new CudaArrays(3)) {
      sent.add(tables, tables.byteSize());
      sent.add(starts, (long) rows * Integer.BYTES);
      sent.add(ends, (long) rows * Integer.BYTES);
      MemorySegment at = send(sent);
      checked(
          library,
          (int)
              library
                  .attention()
                  .invokeExact(
                      rows,
                      heads,
                      keyHeads,
                      headSize,
                      scale,
                      queries.memory(),
                      strideQueries,
                      Workspace.ofThisThread().of(places),
                      sent.place(at, 0),
                      tableStride,
                      sent.place(at, 1),
                      sent.place(at, 2),
                      out.memory(),
                      strideOut));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  private MemorySegment send(CudaArrays sent) {
    MemorySegment all = sent.all();
    CudaBuffer to = large(arrays, all.byteSize());
    arrays = to;
    upload(all, to);
    return to.memory();
  }

  /** What is there if it is large enough, else more; it is kept for the next call. */
  private CudaBuffer large(@Nullable CudaBuffer held, long bytes) {
    if (held != null && held.bytes() >= bytes) {
      return held;
    }
    CudaBuffer more = allocate(Math.max(bytes, held == null ? 0 : 2 * held.bytes()));
    if (held != null) {
      held.close();
    }
    return more;
  }

  void free(MemorySegment memory) {
    try {
      checked(library, (int) library.free().invokeExact(memory));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  private static void checked(CudaLibrary library, int status) throws Throwable {
    if (status == CudaLibrary.NO_DEVICE || status == CudaLibrary.FAILED) {
      throw new IllegalStateException("the device did not answer: " + objection(library));
    }
    Native.checked(status);
  }

  @SuppressWarnings("restricted") // the header says that it is a text
  private static String objection(CudaLibrary library) throws Throwable {
    return ((MemorySegment) library.objection().invokeExact())
        .reinterpret(NAME_BYTES)
        .getString(0, StandardCharsets.UTF_8);
  }

  /** Gives back what the device holds for calls; buffers are closed by who made them. */
  @Override
  public void close() {
    if (arrays != null) {
      arrays.close();
      arrays = null;
    }
    if (inner != null) {
      inner.close();
      inner = null;
    }
  }
}
