package xyz.openledger.nativekernels.strict;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** The functions of {@code ol_cuda.h}. */
record CudaLibrary(
    MethodHandle devices,
    MethodHandle name,
    MethodHandle objection,
    MethodHandle allocate,
    MethodHandle free,
    MethodHandle upload,
    MethodHandle download,
    MethodHandle linear,
    MethodHandle linearPacked,
    MethodHandle lora,
    MethodHandle attention) {
  static final int NO_DEVICE = -3;
  static final int FAILED = -4;
  private static final int ABI = 1;

  /**
   * Binds them.
   *
   * @throws UnsatisfiedLinkError if the library is of another version
   */
  @SuppressWarnings("restricted") // the header says what may be passed, and every caller checks
  static CudaLibrary of(SymbolLookup library) {
    int abi = version(library);
    if (abi != ABI) {
      throw new UnsatisfiedLinkError("CUDA kernels of version " + abi + ", not " + ABI);
    }
    var objection =
        Linker.nativeLinker()
            .downcallHandle(symbol(library, "objection"), FunctionDescriptor.of(ADDRESS));
    return new CudaLibrary(
        status(library, "devices"),
        status(library, "name", ADDRESS, JAVA_INT),
        objection,
        status(library, "allocate", JAVA_LONG, ADDRESS),
        status(library, "free", ADDRESS),
        status(library, "upload", ADDRESS, ADDRESS, JAVA_LONG),
        status(library, "download", ADDRESS, ADDRESS, JAVA_LONG),
        status(
            library, "linear", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS,
            JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT),
        status(
            library,
            "linear_packed",
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            JAVA_LONG,
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            JAVA_LONG,
            JAVA_INT),
        status(
            library, "lora", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS,
            JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS),
        status(
            library,
            "attention",
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_FLOAT,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            JAVA_LONG));
  }

  private static int version(SymbolLookup library) {
    try {
      return (int) status(library, "abi").invokeExact();
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  @SuppressWarnings("restricted") // as above
  private static MethodHandle status(SymbolLookup library, String name, MemoryLayout... inputs) {
    return Linker.nativeLinker()
        .downcallHandle(symbol(library, name), FunctionDescriptor.of(JAVA_INT, inputs));
  }

  private static MemorySegment symbol(SymbolLookup library, String name) {
    return library
        .find("ol_cuda_" + name)
        .orElseThrow(() -> new UnsatisfiedLinkError("no ol_cuda_" + name));
  }
}
