package xyz.openledger.cluster.http;

import java.util.regex.Pattern;

/**
 * Which bytes of how many.
 *
 * @param part whether it is less than asked for in general: status 206
 */
record ByteRange(long first, long length, long total, boolean part) {
  private static final Pattern ONE =
      Pattern.compile("bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))");

  /**
   * Reads a {@code Range} header (RFC 9110, 14.2). Anything but one range of bytes means the whole,
   * as the RFC allows.
   *
   * @return the range; of length 0 where it lies beyond the end, which is for the caller to refuse
   */
  static ByteRange of(String header, long total) {
    var form = ONE.matcher(header);
    if (!form.matches()) {
      return new ByteRange(0, total, total, false);
    }
    if (form.group(3) != null) {
      long length = Math.min(Long.parseLong(form.group(3)), total);
      return new ByteRange(total - length, length, total, true);
    }
    long first = Long.parseLong(form.group(1));
    long last = form.group(2).isEmpty() ? total - 1 : Long.parseLong(form.group(2));
    if (last < first && !form.group(2).isEmpty()) {
      return new ByteRange(0, total, total, false);
    }
    return new ByteRange(first, Math.max(0, Math.min(last, total - 1) - first + 1), total, true);
  }

  boolean satisfiable() {
    return !part || length > 0;
  }

  /** The {@code Content-Range} header. */
  String contentRange() {
    return satisfiable()
        ? "bytes %d-%d/%d".formatted(first, first + length - 1, total)
        : "bytes */" + total;
  }
}
