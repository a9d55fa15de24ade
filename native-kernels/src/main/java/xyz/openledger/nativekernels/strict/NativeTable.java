package xyz.openledger.nativekernels.strict;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/** Binds the functions of a variant one after another. */
final class NativeTable {
  static final int ABI = 1;
  private static final int FUNCTIONS = 26;

  private final MemorySegment table;
  private long at;

  private NativeTable(MemorySegment table) {
    this.table = table;
  }

  /**
   * The table of a variant.
   *
   * @throws UnsatisfiedLinkError if the library is of another version, or cannot serve the variant
   */
  @SuppressWarnings("restricted") // the header says how long the table is
  static NativeTable of(SymbolLookup library, NativeVariant variant) {
    try {
      MemorySegment found = table(library, variant);
      if (found.equals(MemorySegment.NULL)) {
        throw new UnsatisfiedLinkError("this machine cannot run " + variant.label());
      }
      return new NativeTable(found.reinterpret(FUNCTIONS * ADDRESS.byteSize()));
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  private static MemorySegment table(SymbolLookup library, NativeVariant variant) throws Throwable {
    return (MemorySegment)
        handle(library, "ol_strict_of", FunctionDescriptor.of(ADDRESS, JAVA_INT))
            .invokeExact(Native.code(variant));
  }

  /** Those that this machine can run. */
  static List<NativeVariant> variants(SymbolLookup library) {
    try {
      var variants = new ArrayList<NativeVariant>();
      for (NativeVariant variant : NativeVariant.values()) {
        if (!table(library, variant).equals(MemorySegment.NULL)) {
          variants.add(variant);
        }
      }
      return variants;
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  /** The fastest variant of this machine. */
  static NativeVariant best(SymbolLookup library) {
    try {
      int abi =
          (int) handle(library, "ol_strict_abi", FunctionDescriptor.of(JAVA_INT)).invokeExact();
      if (abi != ABI) {
        throw new UnsatisfiedLinkError("strict kernels of version " + abi + ", not " + ABI);
      }
      int best =
          (int) handle(library, "ol_strict_best", FunctionDescriptor.of(JAVA_INT)).invokeExact();
      return switch (best) {
        case 1 -> NativeVariant.AVX2;
        case 2 -> NativeVariant.AVX512;
        case 3 -> NativeVariant.NEON;
        default -> NativeVariant.PORTABLE;
      };
    } catch (Throwable thrown) {
      throw Native.failed(thrown);
    }
  }

  @SuppressWarnings("restricted") // the header says what may be passed
  private static MethodHandle handle(
      SymbolLookup library, String symbol, FunctionDescriptor descriptor) {
    MemorySegment function =
        library.find(symbol).orElseThrow(() -> new UnsatisfiedLinkError("no " + symbol));
    return Linker.nativeLinker().downcallHandle(function, descriptor);
  }

  /** The next function, which answers a status. */
  @SuppressWarnings("restricted") // the header says what may be passed, and every caller checks
  MethodHandle next(MemoryLayout... inputs) {
    MemorySegment function = table.get(ADDRESS, at);
    at += ADDRESS.byteSize();
    return Linker.nativeLinker().downcallHandle(function, FunctionDescriptor.of(JAVA_INT, inputs));
  }
}
