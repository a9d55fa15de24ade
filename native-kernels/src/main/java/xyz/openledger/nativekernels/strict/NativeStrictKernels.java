package xyz.openledger.nativekernels.strict;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * One variant of the kernels in C; {@code ol_strict.h} states the contract that its parts keep. A
 * record, because its handles are then constants to the compiler.
 */
record NativeStrictKernels(
    String name,
    MethodHandle linearHandle,
    MethodHandle packHandle,
    MethodHandle linearPackedHandle,
    MethodHandle linearInputGradientHandle,
    MethodHandle linearWeightGradientHandle,
    MethodHandle loraHandle,
    MethodHandle linearInt8Handle,
    MethodHandle quantizeHandle,
    MethodHandle dequantizeHandle,
    MethodHandle applyHandle,
    MethodHandle addHandle,
    MethodHandle addScaledHandle,
    MethodHandle rmsNormHandle,
    MethodHandle softmaxHandle,
    MethodHandle swiGluHandle,
    MethodHandle rotaryAnglesHandle,
    MethodHandle rotateHandle,
    MethodHandle attentionHandle,
    MethodHandle rmsNormGradientHandle,
    MethodHandle softmaxGradientHandle,
    MethodHandle swiGluGradientHandle,
    MethodHandle attentionGradientHandle,
    MethodHandle crossEntropyHandle,
    MethodHandle adamWHandle,
    MethodHandle sampleHandle,
    MethodHandle digestHandle)
    implements StrictKernels,
        NativeProducts,
        NativeRows,
        NativeAttention,
        NativeGradients,
        NativeTraining,
        NativeTokens {

  /** The functions of a variant, in the order of {@code struct ol_strict_functions}. */
  static NativeStrictKernels of(SymbolLookup library, NativeVariant variant) {
    NativeTable table = NativeTable.of(library, variant);
    return new NativeStrictKernels(
        variant.label(),
        table.next(
            JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS,
            JAVA_LONG, JAVA_INT, ADDRESS),
        table.next(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS),
        table.next(
            JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG,
            JAVA_INT, ADDRESS),
        table.next(
            JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS,
            JAVA_LONG, JAVA_INT, ADDRESS),
        table.next(
            JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS,
            JAVA_LONG, JAVA_INT, ADDRESS),
        table.next(
            JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT,
            JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS),
        table.next(
            JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS,
            JAVA_LONG),
        table.next(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS),
        table.next(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG),
        table.next(JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS),
        table.next(JAVA_LONG, ADDRESS, ADDRESS),
        table.next(JAVA_LONG, JAVA_FLOAT, ADDRESS, ADDRESS),
        table.next(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_FLOAT, ADDRESS, JAVA_LONG),
        table.next(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG),
        table.next(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG),
        table.next(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS),
        table.next(
            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS,
            ADDRESS),
        table.next(
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
            JAVA_LONG),
        table.next(
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            JAVA_FLOAT,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            JAVA_LONG,
            ADDRESS),
        table.next(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG),
        table.next(
            JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS,
            JAVA_LONG, ADDRESS, JAVA_LONG),
        table.next(
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_FLOAT,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            JAVA_LONG,
            ADDRESS),
        table.next(
            JAVA_INT,
            JAVA_INT,
            ADDRESS,
            JAVA_LONG,
            ADDRESS,
            JAVA_FLOAT,
            ADDRESS,
            ADDRESS,
            JAVA_LONG,
            ADDRESS),
        table.next(ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, ADDRESS),
        table.next(
            JAVA_INT, ADDRESS, JAVA_FLOAT, JAVA_INT, JAVA_FLOAT, JAVA_LONG, JAVA_LONG, ADDRESS),
        table.next(JAVA_INT, ADDRESS, ADDRESS, ADDRESS));
  }
}
