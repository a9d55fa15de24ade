package xyz.openledger.nativekernels.strict;

/** The reference: what each kernel means, by {@link Math#fma}. */
record JavaStrictKernels()
    implements StrictKernels,
        JavaProducts,
        JavaAdapters,
        JavaRows,
        JavaAttention,
        JavaGradients,
        JavaTraining,
        JavaTokens {
  @Override
  public String name() {
    return "java";
  }
}
