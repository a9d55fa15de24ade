package xyz.openledger.nodes.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import xyz.openledger.protocol.Digest;

/**
 * What of a processor decides which of its code a library chooses: maker, family, and those
 * instructions that loops over floats and small integers are written for.
 *
 * @param maker such as {@code amd}
 * @param family as the processor counts it
 * @param instructions by their names in {@code /proc/cpuinfo}
 */
record ProcessorTraits(String maker, String family, Set<String> instructions) {
  /** Of x86 and ARM; others choose no code here. */
  private static final Set<String> CHOOSING =
      Set.of(
          "sse4_1",
          "avx",
          "avx2",
          "fma",
          "f16c",
          "avx512f",
          "avx512bw",
          "avx512dq",
          "avx512vl",
          "avx512_vnni",
          "avx512_bf16",
          "avx512_fp16",
          "avx_vnni",
          "amx_tile",
          "amx_int8",
          "amx_bf16",
          "asimd",
          "asimddp",
          "asimdhp",
          "i8mm",
          "bf16",
          "sve",
          "sve2",
          "sme");

  private static final int NAME_LETTERS_MAX = 12;
  private static final int DIGEST_LETTERS = 8;
  private static final int FILE_BYTES_MAX = 1 << 20;

  /** Reads them from a file in the form of {@code /proc/cpuinfo}; unknown where there is none. */
  static ProcessorTraits of(Path cpuinfo) throws IOException {
    if (!Files.exists(cpuinfo)) {
      return new ProcessorTraits(word(System.getProperty("os.arch", "")), "0", Set.of());
    }
    Map<String, String> first = new HashMap<>();
    try (var in = Files.newInputStream(cpuinfo)) {
      new String(in.readNBytes(FILE_BYTES_MAX), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(":", 2))
          .filter(parts -> parts.length == 2)
          .forEach(parts -> first.putIfAbsent(parts[0].strip(), parts[1].strip()));
    }
    var instructions = new TreeSet<String>();
    for (String flag :
        first.getOrDefault("flags", first.getOrDefault("Features", "")).split(" ", -1)) {
      if (CHOOSING.contains(flag)) {
        instructions.add(flag);
      }
    }
    return new ProcessorTraits(
        word(first.getOrDefault("vendor_id", first.getOrDefault("CPU implementer", "unknown"))),
        word(first.getOrDefault("cpu family", first.getOrDefault("CPU part", "0"))),
        instructions);
  }

  /** In the form of a label: {@code authenticamd-25.1f0c9e77}. */
  String label() {
    byte[] all =
        String.join(" ", List.copyOf(new TreeSet<>(instructions))).getBytes(StandardCharsets.UTF_8);
    return "%s-%s.%s".formatted(maker, family, Digest.of(all).hex().substring(0, DIGEST_LETTERS));
  }

  private static String word(String text) {
    String kept = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    return kept.isEmpty() ? "0" : kept.substring(0, Math.min(kept.length(), NAME_LETTERS_MAX));
  }
}
