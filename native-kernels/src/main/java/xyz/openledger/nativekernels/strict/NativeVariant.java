package xyz.openledger.nativekernels.strict;

/** The variants in C, in the order of {@code enum ol_strict_variant}. */
enum NativeVariant {
  PORTABLE("native, portable"),
  AVX2("native, AVX2"),
  AVX512("native, AVX-512"),
  NEON("native, NEON");

  private final String label;

  NativeVariant(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
