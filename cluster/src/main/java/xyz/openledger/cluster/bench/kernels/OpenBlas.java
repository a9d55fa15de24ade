package xyz.openledger.cluster.bench.kernels;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** OpenBLAS on one thread, from a folder with its shared library and what that needs. */
final class OpenBlas {
  private static final int ROW_MAJOR = 101;
  private static final int PLAIN = 111;
  private static final int TRANSPOSED = 112;
  private static final String LIBRARY = "libopenblas.so.0";
  private static final List<String> NEEDED =
      List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5");

  private final MethodHandle sgemm;
  private final MethodHandle sgemv;
  private final String processor;

  @SuppressWarnings("restricted") // whoever names the folder trusts it
  OpenBlas(Path folder) {
    for (String needed : NEEDED) {
      if (Files.exists(folder.resolve(needed))) {
        SymbolLookup.libraryLookup(folder.resolve(needed), Arena.global());
      }
    }
    SymbolLookup library = SymbolLookup.libraryLookup(folder.resolve(LIBRARY), Arena.global());
    sgemm =
        bind(
            library,
            "cblas_sgemm",
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_FLOAT,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_FLOAT,
            ADDRESS,
            JAVA_INT);
    sgemv =
        bind(
            library,
            "cblas_sgemv",
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_FLOAT,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            JAVA_INT,
            JAVA_FLOAT,
            ADDRESS,
            JAVA_INT);
    try {
      bind(library, "openblas_set_num_threads", JAVA_INT).invokeExact(1);
      MemorySegment name =
          (MemorySegment)
              Linker.nativeLinker()
                  .downcallHandle(
                      library.find("openblas_get_corename").orElseThrow(),
                      FunctionDescriptor.of(ADDRESS))
                  .invokeExact();
      processor = name.reinterpret(64).getString(0);
    } catch (Throwable thrown) {
      throw failed(thrown);
    }
  }

  @SuppressWarnings("restricted") // as cblas.h declares them
  private static MethodHandle bind(SymbolLookup library, String name, MemoryLayout... inputs) {
    return Linker.nativeLinker()
        .downcallHandle(library.find(name).orElseThrow(), FunctionDescriptor.ofVoid(inputs));
  }

  private static IllegalStateException failed(Throwable thrown) {
    return new IllegalStateException("OpenBLAS: " + thrown.getMessage(), thrown);
  }

  String processor() {
    return processor;
  }

  /** {@code y = x · wᵀ}, weights {@code [outputs×inputs]}. */
  void linear(
      int rows, int outputs, int inputs, MemorySegment x, MemorySegment w, MemorySegment y) {
    product(TRANSPOSED, rows, outputs, inputs, x, w, inputs, 0, y);
  }

  /** {@code y = x · w + more · y}, weights {@code [inputs×outputs]}. */
  void plain(
      int rows,
      int outputs,
      int inputs,
      MemorySegment x,
      MemorySegment w,
      float more,
      MemorySegment y) {
    product(PLAIN, rows, outputs, inputs, x, w, outputs, more, y);
  }

  private void product(
      int form,
      int rows,
      int outputs,
      int inputs,
      MemorySegment x,
      MemorySegment w,
      int stride,
      float more,
      MemorySegment y) {
    try {
      sgemm.invokeExact(
          ROW_MAJOR, PLAIN, form, rows, outputs, inputs, 1f, x, inputs, w, stride, more, y,
          outputs);
    } catch (Throwable thrown) {
      throw failed(thrown);
    }
  }

  /** {@code y = w · x + more · y} of a matrix {@code [rows×columns]}, or of its transpose. */
  void row(
      boolean transposed,
      int rows,
      int columns,
      MemorySegment w,
      MemorySegment x,
      float more,
      MemorySegment y) {
    try {
      int form = transposed ? TRANSPOSED : PLAIN;
      sgemv.invokeExact(ROW_MAJOR, form, rows, columns, 1f, w, columns, x, 1, more, y, 1);
    } catch (Throwable thrown) {
      throw failed(thrown);
    }
  }
}
