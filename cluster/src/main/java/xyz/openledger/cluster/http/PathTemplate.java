package xyz.openledger.cluster.http;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A path with named parts, as OpenAPI writes it: {@code /api/v1/jobs/{id}:cancel}. A part is a
 * whole segment, or its beginning.
 *
 * @param open whether the last part takes all segments that follow
 */
record PathTemplate(String text, List<Segment> segments, boolean open)
    implements Comparable<PathTemplate> {

  /**
   * What one segment must be.
   *
   * @param parameter the part's name; absent if the segment is fixed
   * @param fixed the whole segment, or what follows the part
   */
  record Segment(@Nullable String parameter, String fixed) {
    boolean fits(String segment) {
      return parameter == null
          ? segment.equals(fixed)
          : segment.length() > fixed.length() && segment.endsWith(fixed);
    }

    /** Fixed ones first, then parts with an ending, then whole parts. */
    int generality() {
      return parameter == null ? 0 : fixed.isEmpty() ? 2 : 1;
    }
  }

  static PathTemplate of(String text) {
    var segments = new ArrayList<Segment>();
    for (String segment : split(text)) {
      int end = segment.indexOf('}');
      segments.add(
          segment.startsWith("{")
              ? new Segment(segment.substring(1, end), segment.substring(end + 1))
              : new Segment(null, segment));
    }
    return new PathTemplate(text, List.copyOf(segments), false);
  }

  /** The same, whose last part takes all segments that follow, slashes included. */
  PathTemplate opened() {
    return new PathTemplate(text, segments, true);
  }

  /** The segments between slashes; a path ends without one. */
  static List<String> split(String path) {
    return List.of(path.substring(1).split("/", -1));
  }

  /** The named parts of a path that fits; null for one that does not. */
  @Nullable Map<String, String> match(List<String> whole) {
    int last = segments.size() - 1;
    List<String> path = whole;
    if (open && whole.size() > segments.size()) {
      path = new ArrayList<>(whole.subList(0, last));
      path.add(String.join("/", whole.subList(last, whole.size())));
    }
    if (path.size() != segments.size()) {
      return null;
    }
    for (int i = 0; i < path.size(); i++) {
      if (!segments.get(i).fits(path.get(i))) {
        return null;
      }
    }
    var parts = new HashMap<String, String>();
    for (int i = 0; i < path.size(); i++) {
      Segment segment = segments.get(i);
      if (segment.parameter() != null) {
        String value = path.get(i);
        parts.put(
            segment.parameter(), value.substring(0, value.length() - segment.fixed().length()));
      }
    }
    return parts;
  }

  /** The more special comes first. */
  @Override
  public int compareTo(PathTemplate other) {
    for (int i = 0; i < Math.min(segments.size(), other.segments.size()); i++) {
      int order = Integer.compare(segments.get(i).generality(), other.segments.get(i).generality());
      if (order != 0) {
        return order;
      }
    }
    return Comparator.comparing(PathTemplate::text).compare(this, other);
  }
}
