package xyz.openledger.models;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** JSON that was right once: some of its values are others, or its bytes are damaged. */
public record SpoiltJson(String right) {
  private static final Pattern VALUE =
      Pattern.compile("\"[^\"]*\"|-?[0-9][0-9.e-]*|true|false|null");
  private static final String[] OTHERS = {
    "0",
    "-1",
    "1",
    "3.5",
    "2147483648",
    "9223372036854775808",
    "1e400",
    "-0",
    "123456789012345678901234567890",
    "null",
    "true",
    "[]",
    "{}",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    "\"\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"model\"",
    "\"LORA\"",
    "NaN"
  };

  /** One of them. */
  public byte[] draw(SplittableRandom random) {
    var matches = VALUE.matcher(right).results().toArray(MatchResult[]::new);
    var text = new StringBuilder(right);
    int changes = random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      MatchResult one = matches[random.nextInt(matches.length)];
      // Earlier changes may have moved it: then the text is spoilt in another way.
      int from = Math.min(one.start(), text.length());
      int to = Math.min(one.end(), text.length());
      text.replace(from, to, OTHERS[random.nextInt(OTHERS.length)]);
    }
    return damaged(random, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] damaged(SplittableRandom random, byte[] file) {
    switch (random.nextInt(8)) {
      case 0 -> {
        return Arrays.copyOf(file, random.nextInt(file.length + 1));
      }
      case 1 -> file[random.nextInt(file.length)] = (byte) random.nextInt();
      default -> {}
    }
    return file;
  }
}
