package xyz.openledger.nodes.agent;

import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import xyz.openledger.protocol.Check;

/** Sizes as people write them: {@code 256Mi}, {@code 2Gi}, {@code 65536}. */
final class ByteSize {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,12})(Ki|Mi|Gi|)");
  private static final Map<String, Integer> SHIFTS = Map.of("", 0, "Ki", 10, "Mi", 20, "Gi", 30);

  private ByteSize() {}

  /** Reads a size in bytes; refuses anything else with {@code invalid-request}. */
  static long parse(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw Check.refusal("size", "expected a size such as 256Mi, got " + text);
    }
    int shift = SHIFTS.getOrDefault(matcher.group(2), 0);
    return Check.range("size", Long.parseLong(matcher.group(1)), 0, (1L << 50) >> shift) << shift;
  }

  static final class Converter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return parse(text);
    }
  }
}
